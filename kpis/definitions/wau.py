"""Weekly active testers: how many testers use the product in a week?"""

from kpis.model import Count, DefaultTarget, Kpi, Unit

KPI = Kpi(
    id="wau",
    title="Weekly active testers",
    question="How many testers use the product in a week?",
    definition=(
        "Distinct testers active on at least one of the 7 complete local days of the programme week. Testers on the "
        "roster; staff, test accounts, bots and opted-out people are left out. Active = at least one event of the "
        "settings' list of user-initiated events on a local day of the programme's time zone. A running week counts "
        "its complete days so far. The day value is the number active on that day (DAU)."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.COUNT,
    better="higher",
    measure=Count("measures/active_testers"),
    target=DefaultTarget(200, floor=100),
    min_sample=20,
    sample_word="testers on the roster",
    position=10,
    caveats=("A count grows with the roster: set the target for the size of the programme.",),
    daily="other",
)
