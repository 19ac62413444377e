-- name: sample_rows
-- Grain: one row per sample to read of a range of series; was: the previous snapshot counted it.
-- Reads: raw_sample, stage_touched_series
-- Parameters: $as_of_us, $least_ms, $first_id, $last_id, $previous_load, $previous_as_of_us
SELECT
    s.series_id, s.ts_ms, s.value, s.load_id <= $previous_load AND s.ts_ms < ($previous_as_of_us + 999) // 1000 AS was
FROM raw_sample AS s
INNER JOIN stage_touched_series AS t ON t.series_id = s.series_id AND s.ts_ms >= t.since_ms
WHERE s.series_id BETWEEN $first_id AND $last_id AND s.ts_ms >= $least_ms AND s.ts_ms < ($as_of_us + 999) // 1000
