"""Feedback per active tester: do active testers tell us what they think?"""

from kpis.model import DefaultTarget, Kpi, MeanPerTester, Unit

KPI = Kpi(
    id="feedback_per_tester",
    title="Feedback per active tester",
    question="Do active testers tell us what they think?",
    definition=(
        "Feedback items created in the week by testers active in it / testers active in the week. Testers on the "
        "roster; staff, test accounts, bots and opted-out people are left out. Active = at least one event of the "
        "settings' list of user-initiated events on a local day of the programme's time zone."
    ),
    family="feedback",
    owner="programme manager",
    unit=Unit.PER_TESTER,
    better="higher",
    measure=MeanPerTester("measures/feedback_per_tester"),
    target=DefaultTarget(0.2, floor=0.1),
    min_sample=20,
    sample_word="active testers",
    position=10,
    daily="other",
)
