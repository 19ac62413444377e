-- name: operations/series_gauge_hours
-- Grain: one row per series in $ids and hour.
-- Reads: fct_gauge_hour
-- Parameters: $ids
SELECT series_id, hour_us, day_n, samples, value_sum, value_min, value_max, last_value, last_ts_ms
FROM fct_gauge_hour
WHERE list_contains($ids, series_id)
ORDER BY hour_us, series_id
