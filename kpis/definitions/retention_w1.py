"""Week-1 retention: does a tester come back in the week after the first?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="retention_w1",
    title="Week-1 retention",
    question="Does a tester come back in the week after the first?",
    definition=(
        "Testers active on any of the local days 7 to 13 after their own day 0 / testers whose day 13 is completely "
        "over. Day 0 = local day of the first active event ever. Testers on the roster; staff, test accounts, bots "
        "and opted-out people are left out. Active = at least one event of the settings' list of user-initiated "
        "events on a local day of the programme's time zone. Pooled; a tester lands in the week in which day 13 "
        "lies."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/retention", given=(("from_offset", 7), ("to_offset", 13))),
    target=DefaultTarget(0.5, floor=0.35),
    min_sample=20,
    sample_word="testers",
    position=80,
    caveats=("Weeks hold different cohorts: a change may come from who joined when.",),
    daily="once",
)
