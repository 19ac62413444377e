"""Stickiness: on how many days of the week does an active tester come?"""

from kpis.model import DefaultTarget, Kpi, MeanPerTester, Unit

KPI = Kpi(
    id="stickiness",
    title="Stickiness",
    question="On how many days of the week does an active tester come?",
    definition=(
        "Mean over the week's active testers of their active days / the week's complete days; equal to mean DAU / "
        "WAU. Testers on the roster; staff, test accounts, bots and opted-out people are left out. Active = at "
        "least one event of the settings' list of user-initiated events on a local day of the programme's time "
        "zone. The day value is the day's active testers / those active in the 7 days that end with it."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=MeanPerTester("measures/stickiness"),
    target=DefaultTarget(0.3, floor=0.2),
    min_sample=20,
    sample_word="active testers",
    position=30,
)
