-- name: operations/matching_series
-- Grain: one row per series of a metric; labels as scraped, and under their usual names.
-- Reads: dim_series
-- Parameters: $metric
SELECT series_id, type, labels, job, instance, route, method, status, le, interval_ms
FROM dim_series
WHERE metric = $metric
ORDER BY series_id
