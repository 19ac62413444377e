"""Median time to resolve a bug: how fast are reported bugs closed?"""

from kpis.model import DefaultTarget, Kpi, MedianDuration, Unit

KPI = Kpi(
    id="time_to_resolve",
    title="Median time to resolve a bug",
    question="How fast are reported bugs closed?",
    definition=(
        "Kaplan-Meier median of the hours from creation to resolution over all bugs created before the end of the "
        "week; bugs still open count with their age (censored), so that waiting ones are not forgotten. Excluded "
        "people's items are left out."
    ),
    family="feedback",
    owner="tech lead",
    unit=Unit.HOURS,
    better="lower",
    measure=MedianDuration("measures/time_to_resolve"),
    target=DefaultTarget(72.0, floor=168.0),
    min_sample=10,
    sample_word="bugs",
    position=40,
    caveats=(
        "A change of status is seen only when the source is pulled.",
        "Cumulative: a week's value holds all bugs since the start.",
    ),
    daily="stock",
)
