"""Migration duration p95: how long does the slowest twentieth of migrations take?"""

from kpis.model import DefaultTarget, HistogramQuantile, Kpi, Unit

KPI = Kpi(
    id="migration_p95",
    title="Migration duration p95",
    question="How long does the slowest twentieth of migrations take?",
    definition=(
        "95th percentile of migration duration over the programme week, from the summed increases of the cumulative "
        "buckets (milliseconds, turned into seconds), linear inside a bucket. Counters are summed from the "
        "differences of raw samples, restarts included."
    ),
    family="performance",
    owner="tech lead",
    unit=Unit.SECONDS,
    better="lower",
    measure=HistogramQuantile(("beta_migration_duration_bucket",), q=0.95, scale=0.001),
    target=DefaultTarget(30.0, proposed=False),
    min_sample=20,
    sample_word="migrations",
    position=40,
    caveats=("Known only to the width of its bucket; above the highest bucket only a lower limit.",),
    revision=2,
)
