-- name: keep_interval
-- Grain: intervals of untouched series, from the previous snapshot.
-- Reads: previous.dim_series, stage_touched_series
-- Parameters: -
INSERT INTO stage_interval
SELECT series_id, interval_ms
FROM previous.dim_series
WHERE interval_ms IS NOT NULL AND series_id NOT IN (SELECT series_id FROM stage_touched_series)
