"""Invitations accepted: do invited people join?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="invitations_accepted",
    title="Invitations accepted",
    question="Do invited people join?",
    definition=(
        "Invitations accepted within 7 days of creation / invitations whose 7 days are over. An invitation lands in "
        "the week in which its 7 days end; revoked ones are left out, open ones are counted as not yet measurable."
    ),
    family="programme",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/invitations_accepted"),
    target=DefaultTarget(0.5, floor=0.3),
    min_sample=20,
    sample_word="invitations",
    position=10,
    daily="once",
)
