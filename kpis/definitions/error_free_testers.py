"""Error-free testers: how many active testers met no error at all?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="error_free_testers",
    title="Error-free testers",
    question="How many active testers met no error at all?",
    definition=(
        "Active testers of the week without a failed request (status 500 or more in their own request events) and "
        "without an app error event / active testers. Testers on the roster; staff, test accounts, bots and opted- "
        "out people are left out. Active = at least one event of the settings' list of user-initiated events on a "
        "local day of the programme's time zone."
    ),
    family="reliability",
    owner="tech lead",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/error_free"),
    target=DefaultTarget(0.95, floor=0.9),
    min_sample=20,
    sample_word="active testers",
    position=20,
    caveats=("Needs request and error events from the clients: without them every tester looks error-free.",),
    complement="Testers who met an error",
    daily="other",
)
