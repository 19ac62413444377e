-- name: raw_sample
-- Grain: one row per scraped sample; staleness markers and NaN dropped (NaN quarantined).
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_sample (
    series_id INTEGER NOT NULL,
    ts_ms BIGINT NOT NULL,             -- milliseconds, as Prometheus keeps them
    value DOUBLE NOT NULL,
    load_id INTEGER NOT NULL
)
