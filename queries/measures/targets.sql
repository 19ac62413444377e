-- name: measures/targets
-- Grain: one row per scrape target that exposes one of $metrics.
-- Reads: dim_series
-- Parameters: $metrics
SELECT DISTINCT source, coalesce(job, '') || '/' || coalesce(instance, '') AS item
FROM dim_series
WHERE list_contains($metrics, metric)
ORDER BY source, item
