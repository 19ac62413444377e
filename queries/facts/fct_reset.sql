-- name: fct_reset
-- Grain: one row per counter reset.
-- Reads: stage_sample, stage_kind
-- Parameters: -
INSERT INTO fct_reset
SELECT s.series_id, s.ts_ms, s.before_value, s.value
FROM stage_sample AS s
INNER JOIN stage_kind AS k ON k.series_id = s.series_id AND k.is_counter
WHERE s.value < s.before_value
ORDER BY s.series_id, s.ts_ms
