-- name: fct_reset
-- Grain: one row per counter reset.
-- Reads: stage_reset
-- Parameters: -
INSERT INTO fct_reset
SELECT series_id, ts_ms, value_before, value_after
FROM stage_reset
ORDER BY series_id, ts_ms
