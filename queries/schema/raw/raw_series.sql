-- name: raw_series
-- Grain: one row per Prometheus series.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_series (
    series_id INTEGER NOT NULL,        -- dense, from 1
    source VARCHAR NOT NULL,
    metric VARCHAR NOT NULL,
    labels VARCHAR NOT NULL,           -- JSON object, keys sorted, without __name__
    type VARCHAR NOT NULL,             -- counter | gauge | histogram | summary | unknown; of the metric family
    unit VARCHAR
)
