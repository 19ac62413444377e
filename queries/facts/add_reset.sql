-- name: add_reset
-- Grain: one row per counter reset, of some series.
-- Reads: new_reset (registered while facts are built)
-- Parameters: -
INSERT INTO stage_reset
SELECT series_id, ts_ms, value_before, value_after FROM new_reset
