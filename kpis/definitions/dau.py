"""Daily active testers: how many testers use the product on a day?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="dau",
    title="Daily active testers",
    question="How many testers use the product on a day?",
    definition=(
        "Mean over the complete local days of the programme week of the distinct testers active on that day. "
        "Testers on the roster; staff, test accounts, bots and opted-out people are left out. Active = at least one "
        "event of the settings' list of user-initiated events on a local day of the programme's time zone."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.COUNT,
    better="higher",
    measure=RatioOfSums("measures/daily_active", proportion=False),
    target=DefaultTarget(70, floor=35),
    min_sample=4,
    sample_word="complete days",
    position=20,
    caveats=("A count grows with the roster: set the target for the size of the programme.",),
)
