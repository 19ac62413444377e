"""API latency p99: how slow are the slowest 1 % of requests?"""

from kpis.model import DefaultTarget, HistogramQuantile, Kpi, Unit

KPI = Kpi(
    id="latency_p99",
    title="API latency p99",
    question="How slow are the slowest 1 % of requests?",
    definition=(
        "99th percentile of request duration over all requests of the programme week, from the summed increases of "
        "the cumulative buckets (never a mean of percentiles), linear inside a bucket. Counters are summed from the "
        "differences of raw samples, restarts included. The interval spans the bounds of the buckets that hold the "
        "rank."
    ),
    family="performance",
    owner="tech lead",
    unit=Unit.SECONDS,
    better="lower",
    measure=HistogramQuantile(
        (
            "http_request_duration_seconds_bucket",
            "http_request_duration_ms_bucket",
            "http_server_request_duration_seconds_bucket",
            "http_server_requests_seconds_bucket",
        ),
        q=0.99,
    ),
    target=DefaultTarget(0.5, proposed=False),
    min_sample=5000,
    sample_word="requests",
    position=20,
    caveats=("Known only to the width of its bucket; above the highest bucket only a lower limit.",),
    revision=2,
)
