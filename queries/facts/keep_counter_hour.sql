-- name: keep_counter_hour
-- Grain: rows of untouched series, as they stand in the previous snapshot.
-- Reads: previous.fct_counter_hour, stage_touched_series
-- Parameters: -
INSERT INTO fct_counter_hour
SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples
FROM previous.fct_counter_hour
WHERE series_id NOT IN (SELECT series_id FROM stage_touched_series)
