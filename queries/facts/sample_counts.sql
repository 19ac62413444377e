-- name: sample_counts
-- Grain: one row per series to build: how many of its samples are to be read.
-- Reads: raw_sample, stage_touched_series
-- Parameters: $as_of_us, $least_ms
SELECT t.series_id, count(*) AS records
FROM stage_touched_series AS t
INNER JOIN raw_sample AS s ON s.series_id = t.series_id AND s.ts_ms >= t.since_ms
WHERE s.ts_ms >= $least_ms AND s.ts_ms < ($as_of_us + 999) // 1000
GROUP BY t.series_id
ORDER BY t.series_id
