-- name: raw/sample_span
-- Grain: one row: first and last instant of what is stored in a range of series and time; NULL where nothing is
-- Reads: raw_sample
-- Parameters: $first_id, $last_id, $from_ms, $to_ms
SELECT min(ts_ms) AS since_ms, max(ts_ms) AS until_ms
FROM raw_sample
WHERE series_id BETWEEN $first_id AND $last_id AND ts_ms BETWEEN $from_ms AND $to_ms
