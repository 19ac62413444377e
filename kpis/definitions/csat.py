"""Satisfaction (CSAT): are those who rate satisfied?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="csat",
    title="Satisfaction (CSAT)",
    question="Are those who rate satisfied?",
    definition=(
        "Ratings of 4 or 5 / all ratings (1 to 5) given in the week. Excluded people's ratings are left out; items "
        "without a rating do not count."
    ),
    family="feedback",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/csat"),
    target=DefaultTarget(0.75, floor=0.6),
    min_sample=20,
    sample_word="ratings",
    position=20,
    caveats=("Those who rate choose themselves: read it with the response.",),
    daily="once",
)
