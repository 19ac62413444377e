-- name: fct_reset
-- Grain: one row per counter reset seen.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_reset (series_id INTEGER NOT NULL, ts_ms BIGINT NOT NULL, value_before DOUBLE NOT NULL, value_after DOUBLE NOT NULL)
