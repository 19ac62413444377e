"""Database connections used: how near is PostgreSQL to its connection limit?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="db_connections_used",
    title="Database connections used",
    question="How near is PostgreSQL to its connection limit?",
    definition=(
        "Connections of all states and databases / max_connections, summed over the hours and instances of the "
        "programme week that have both."
    ),
    family="resources",
    owner="tech lead",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums(
        "measures/gauge_share",
        proportion=False,
        given=(
            ("metrics", ("pg_stat_activity_count",)),
            ("limit_metrics", ("pg_settings_max_connections",)),
            ("free", False),
        ),
    ),
    target=DefaultTarget(0.7, floor=0.9),
    min_sample=24,
    sample_word="hours",
    position=30,
    caveats=("A mean over the week hides peaks: the highest hour stands beside it.",),
)
