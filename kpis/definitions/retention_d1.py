"""Day-1 retention: does a tester come back on day 1?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="retention_d1",
    title="Day-1 retention",
    question="Does a tester come back on day 1?",
    definition=(
        "Testers active on local day 1 after their own day 0 / testers whose day 1 is completely over. Day 0 = "
        "local day of the first active event ever. Testers on the roster; staff, test accounts, bots and opted-out "
        "people are left out. Active = at least one event of the settings' list of user-initiated events on a local "
        "day of the programme's time zone. Pooled over all cohorts whose day 1 lies in the programme week; those "
        "whose day 1 is not over are counted as not yet measurable."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/retention", given=(("from_offset", 1), ("to_offset", 1))),
    target=DefaultTarget(0.4, floor=0.25),
    min_sample=20,
    sample_word="testers",
    position=50,
    caveats=("Weeks hold different cohorts: a change may come from who joined when.",),
    daily="once",
)
