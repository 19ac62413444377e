"""Server error ratio (5xx): what share of requests fails on our side?"""

from kpis.model import DefaultTarget, Kpi, RatioOfSums, Unit

KPI = Kpi(
    id="error_ratio",
    title="Server error ratio (5xx)",
    question="What share of requests fails on our side?",
    definition=(
        "Increase of the HTTP request counter with a 5xx status / its increase over all statuses, over the "
        "programme week, all routes and instances, sums over sums. Counters are summed from the differences of raw "
        "samples, restarts included. A week with requests and no 5xx series is 0; without requests there is no "
        "data."
    ),
    family="reliability",
    owner="tech lead",
    unit=Unit.RATIO,
    better="lower",
    measure=RatioOfSums(
        "measures/error_ratio",
        given=(
            (
                "metrics",
                (
                    "http_requests_total",
                    "http_server_requests_seconds_count",
                    "http_server_request_duration_seconds_count",
                ),
            ),
        ),
    ),
    target=DefaultTarget(0.01, floor=0.05, proposed=False),
    min_sample=1000,
    sample_word="requests",
    position=10,
    caveats=("Requests that never reach the server are not counted.",),
)
