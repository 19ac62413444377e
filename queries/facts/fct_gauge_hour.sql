-- name: fct_gauge_hour
-- Grain: one row per gauge series, local day and UTC hour.
-- Reads: stage_gauge_hour
-- Parameters: -
INSERT INTO fct_gauge_hour
SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms
FROM stage_gauge_hour
ORDER BY series_id, hour_us, day_n
