-- name: operations/metric_names
-- Grain: one row per metric: its type, series and samples' distance.
-- Reads: dim_series
-- Parameters: -
SELECT metric, any_value(type) AS type, count(series_id) AS series, median(interval_ms) AS interval_ms
FROM dim_series
GROUP BY metric
ORDER BY metric
