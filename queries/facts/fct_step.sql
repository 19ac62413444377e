-- name: fct_step
-- Grain: one row per series and distance between a sample and the one before.
-- Reads: stage_step
-- Parameters: -
INSERT INTO fct_step
SELECT series_id, apart_ms, steps
FROM stage_step
ORDER BY series_id, apart_ms
