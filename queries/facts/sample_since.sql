-- name: sample_since
-- Grain: one row: the instant from which samples are to be read.
-- Reads: stage_touched_series
-- Parameters: -
SELECT coalesce(min(since_ms), 0) AS least_ms FROM stage_touched_series
