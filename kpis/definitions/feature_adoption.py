"""Feature adoption: do active testers use the features the beta is about?"""

from kpis.model import DefaultTarget, Kpi, Proportion, Unit

KPI = Kpi(
    id="feature_adoption",
    title="Feature adoption",
    question="Do active testers use the features the beta is about?",
    definition=(
        "Active testers of the week who used at least one declared feature that is switched on for them / active "
        "testers with at least one declared feature switched on. A feature without any flag rows is on for "
        "everyone. Testers on the roster; staff, test accounts, bots and opted-out people are left out. Active = at "
        "least one event of the settings' list of user-initiated events on a local day of the programme's time "
        "zone."
    ),
    family="engagement",
    owner="programme manager",
    unit=Unit.RATIO,
    better="higher",
    measure=Proportion("measures/feature_adoption"),
    target=DefaultTarget(0.6, floor=0.4),
    min_sample=20,
    sample_word="active testers",
    position=100,
    caveats=("One feature is enough to count: see the table per feature.",),
    daily="other",
)
