-- name: dim_series
-- Grain: one row per Prometheus series; the usual labels under one spelling each.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_series (
    series_id INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    type VARCHAR NOT NULL,             -- counter | gauge | histogram | summary | unknown
    labels VARCHAR NOT NULL,           -- JSON, as scraped
    job VARCHAR,
    instance VARCHAR,
    route VARCHAR,                     -- path | handler | route | uri | http_route
    method VARCHAR,
    status VARCHAR,                    -- status | code | status_code | http_response_status_code | http_status_code
    le DOUBLE,                         -- bucket bound as a number; +Inf is 'infinity'
    interval_ms BIGINT                 -- median distance of samples
)
