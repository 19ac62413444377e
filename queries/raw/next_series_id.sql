-- name: raw/next_series_id
-- Grain: one row: the number after the last series
-- Reads: raw_series
-- Parameters: -
SELECT coalesce(max(series_id), 0) + 1 AS series_id FROM raw_series
