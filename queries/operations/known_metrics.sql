-- name: operations/known_metrics
-- Grain: one row per metric name of $metrics that exists.
-- Reads: dim_series
-- Parameters: $metrics
SELECT DISTINCT metric FROM dim_series WHERE list_contains($metrics, metric) ORDER BY metric
