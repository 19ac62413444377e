-- name: fct_beat
-- Grain: one row per scrape target and instant at which it was seen alive.
-- Reads: raw_sample, stage_target_series
-- Parameters: $as_of_us
INSERT INTO fct_beat
SELECT DISTINCT t.target_id, s.ts_ms
FROM raw_sample AS s
INNER JOIN stage_target_series AS t ON t.series_id = s.series_id AND t.tells
WHERE s.ts_ms < ($as_of_us + 999) // 1000 AND (NOT t.is_up OR s.value > 0)
ORDER BY t.target_id, s.ts_ms
