"""Migration success: does moving an account over work?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="migration_success",
    title="Migration success",
    question="Does moving an account over work?",
    definition=(
        "Increase of successful migrations / increase of attempted migrations in the programme week. Counters are "
        "summed from the differences of raw samples, restarts included. Without attempts there is no data."
    ),
    family="reliability",
    owner="tech lead",
    unit=Unit.RATIO,
    better="higher",
    measure=RatioOfSums(
        "measures/counter_ratio",
        given=(("part", ("beta_migration_success_total",)), ("metrics", ("beta_migration_attempts_total",))),
    ),
    target=DefaultTarget(0.9, proposed=False),
    min_sample=20,
    sample_word="migrations",
    position=30,
    caveats=("An attempt of one week may succeed in the next.",),
)
