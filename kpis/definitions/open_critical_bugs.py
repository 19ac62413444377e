"""Open critical bugs: what must be fixed before anything else?"""

from kpis.model import Count, DefaultTarget, Kpi, Unit

KPI = Kpi(
    id="open_critical_bugs",
    title="Open critical bugs",
    question="What must be fixed before anything else?",
    definition=(
        "Feedback items of type bug and priority critical that were created before and not resolved at the end of "
        "the week (a running week: of its last complete day). Excluded people's items are left out."
    ),
    family="feedback",
    owner="tech lead",
    unit=Unit.COUNT,
    better="lower",
    measure=Count("measures/open_critical_bugs"),
    target=DefaultTarget(0, floor=2),
    min_sample=0,
    sample_word="bugs reported",
    position=30,
    caveats=("A change of status is seen only when the source is pulled.",),
    daily="stock",
)
