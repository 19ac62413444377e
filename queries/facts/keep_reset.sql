-- name: keep_reset
-- Grain: rows of untouched series, as they stand in the previous snapshot.
-- Reads: previous.fct_reset, stage_touched_series
-- Parameters: -
INSERT INTO fct_reset
SELECT series_id, ts_ms, value_before, value_after
FROM previous.fct_reset
WHERE series_id NOT IN (SELECT series_id FROM stage_touched_series)
