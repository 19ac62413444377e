"""Seats used: how many of the beta's seats are taken?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="seats_used",
    title="Seats used",
    question="How many of the beta's seats are taken?",
    definition=(
        "Testers who accepted before the end of the week / seats of the programme. Testers on the roster; staff, "
        "test accounts, bots and opted-out people are left out. The target is the limit that must not be passed."
    ),
    family="programme",
    owner="programme manager",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums("measures/seats_used", spread="none"),
    target=DefaultTarget(1.0, proposed=False),
    min_sample=0,
    sample_word="testers on the roster",
    position=20,
    daily="stock",
)
