-- name: raw/series
-- Grain: one row per series of the source
-- Reads: raw_series
-- Parameters: $source
SELECT series_id, metric, labels, type, unit
FROM raw_series
WHERE source = $source
ORDER BY series_id
