"""API latency p95: how slow are the slowest 5 % of requests?"""

from kpis.model import DefaultTarget, HistogramQuantile, Kpi, Unit

KPI = Kpi(
    id="latency_p95",
    title="API latency p95",
    question="How slow are the slowest 5 % of requests?",
    definition=(
        "95th percentile of request duration over all requests of the programme week, from the summed increases of "
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
        q=0.95,
    ),
    target=DefaultTarget(0.2, floor=1.0, proposed=False),
    min_sample=1000,
    sample_word="requests",
    position=10,
    caveats=("Known only to the width of its bucket; above the highest bucket only a lower limit.",),
    revision=2,
)
