"""Requests within 200 ms: what share of requests is fast?"""

from kpis.model import DefaultTarget, HistogramShare, Kpi, Unit

KPI = Kpi(
    id="requests_within_200ms",
    title="Requests within 200 ms",
    question="What share of requests is fast?",
    definition=(
        "Requests answered within 200 ms / all requests of the programme week, from summed bucket increases. Exact "
        "where 200 ms is a bucket's bound, else interpolated and flagged. Counters are summed from the differences "
        "of raw samples, restarts included."
    ),
    family="performance",
    owner="tech lead",
    unit=Unit.RATIO,
    better="higher",
    measure=HistogramShare(
        (
            "http_request_duration_seconds_bucket",
            "http_request_duration_ms_bucket",
            "http_server_request_duration_seconds_bucket",
            "http_server_requests_seconds_bucket",
        ),
        bound=0.2,
    ),
    target=DefaultTarget(0.95, floor=0.85),
    min_sample=1000,
    sample_word="requests",
    position=30,
    complement="Requests slower than 200 ms",
    revision=2,
)
