-- name: fct_step
-- Grain: one row per series and distance between a sample and the one before: how often it occurs. The interval of a series
-- is the median of these, and they add up over loads.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_step (
    series_id INTEGER NOT NULL,
    apart_ms BIGINT NOT NULL,
    steps BIGINT NOT NULL
)
