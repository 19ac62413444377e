"""Activation within 48 hours: do people who accept reach the first moment of value?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="activation",
    title="Activation within 48 hours",
    question="Do people who accept reach the first moment of value?",
    definition=(
        "Testers with the activation event within 48 hours (the settings' activation_hours) of acceptance / testers "
        "whose window after acceptance is over. Testers on the roster; staff, test accounts, bots and opted-out "
        "people are left out. A tester lands in the week in which the window ends; windows still open are counted "
        "as not yet measurable."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/activation"),
    target=DefaultTarget(0.6, floor=0.4),
    min_sample=20,
    sample_word="testers",
    position=40,
    daily="once",
)
