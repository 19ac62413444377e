"""CPU busy: how much of the processors is used?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="cpu_busy",
    title="CPU busy",
    question="How much of the processors is used?",
    definition=(
        "1 - idle CPU seconds / all CPU seconds of the hosts over the programme week. Counters are summed from the "
        "differences of raw samples, restarts included. Waiting for disks (iowait) and stolen time count as busy."
    ),
    family="resources",
    owner="tech lead",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums("measures/cpu_busy", proportion=False, given=(("metrics", ("node_cpu_seconds_total",)),)),
    target=DefaultTarget(0.7, floor=0.85, proposed=False),
    min_sample=24,
    sample_word="hours",
    position=10,
    caveats=("A mean over the week hides peaks: the highest hour stands beside it.",),
)
