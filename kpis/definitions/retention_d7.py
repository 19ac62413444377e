"""Day-7 retention: does a tester come back on day 7?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="retention_d7",
    title="Day-7 retention",
    question="Does a tester come back on day 7?",
    definition=(
        "Testers active on local day 7 after their own day 0 / testers whose day 7 is completely over. Day 0 = "
        "local day of the first active event ever. Testers on the roster; staff, test accounts, bots and opted-out "
        "people are left out. Active = at least one event of the settings' list of user-initiated events on a local "
        "day of the programme's time zone. Pooled over all cohorts whose day 7 lies in the programme week; those "
        "whose day 7 is not over are counted as not yet measurable."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/retention", given=(("from_offset", 7), ("to_offset", 7))),
    target=DefaultTarget(0.3, floor=0.2),
    min_sample=20,
    sample_word="testers",
    position=60,
    caveats=("Weeks hold different cohorts: a change may come from who joined when.",),
    daily="once",
)
