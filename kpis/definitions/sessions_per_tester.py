"""Sessions per active tester: how often does an active tester open the product?"""

from kpis.model import DefaultTarget, Kpi, MeanPerTester, Unit

KPI = Kpi(
    id="sessions_per_tester",
    title="Sessions per active tester",
    question="How often does an active tester open the product?",
    definition=(
        "Sessions that start in the week / testers active in the week. A session ends after 30 idle minutes or 24 "
        "hours (settings) and is not split at midnight. Testers on the roster; staff, test accounts, bots and "
        "opted-out people are left out. Active = at least one event of the settings' list of user-initiated events "
        "on a local day of the programme's time zone."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.PER_TESTER,
    better="higher",
    measure=MeanPerTester("measures/sessions"),
    target=DefaultTarget(3.0, floor=1.5),
    min_sample=20,
    sample_word="active testers",
    position=90,
    daily="other",
)
