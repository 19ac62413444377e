-- name: keep_gauge_hour
-- Grain: rows of untouched series, as they stand in the previous snapshot.
-- Reads: previous.fct_gauge_hour, stage_touched_series
-- Parameters: -
INSERT INTO fct_gauge_hour
SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms
FROM previous.fct_gauge_hour
WHERE series_id NOT IN (SELECT series_id FROM stage_touched_series)
