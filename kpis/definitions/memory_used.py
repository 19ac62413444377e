"""Memory used: how much of the hosts' memory is used?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="memory_used",
    title="Memory used",
    question="How much of the hosts' memory is used?",
    definition=(
        "1 - available / total memory (MemAvailable, so that caches count as free), summed over the hours and hosts "
        "of the programme week that have both."
    ),
    family="resources",
    owner="tech lead",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums(
        "measures/gauge_share",
        proportion=False,
        given=(
            ("metrics", ("node_memory_MemAvailable_bytes",)),
            ("limit_metrics", ("node_memory_MemTotal_bytes",)),
            ("free", True),
        ),
    ),
    target=DefaultTarget(0.75, floor=0.9, proposed=False),
    min_sample=24,
    sample_word="hours",
    position=20,
    caveats=("A mean over the week hides peaks: the highest hour stands beside it.",),
)
