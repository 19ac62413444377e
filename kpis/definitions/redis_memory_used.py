"""Redis memory used: how near is Redis to its memory limit?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="redis_memory_used",
    title="Redis memory used",
    question="How near is Redis to its memory limit?",
    definition=(
        "Used memory / maxmemory, summed over the hours and instances of the programme week that have both. Without "
        "a limit (maxmemory 0) there is no ratio."
    ),
    family="resources",
    owner="tech lead",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums(
        "measures/gauge_share",
        proportion=False,
        given=(
            ("metrics", ("redis_memory_used_bytes",)),
            ("limit_metrics", ("redis_memory_max_bytes",)),
            ("free", False),
        ),
    ),
    target=DefaultTarget(0.8, proposed=False),
    min_sample=24,
    sample_word="hours",
    position=40,
)
