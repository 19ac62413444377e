-- name: series_routes
-- Grain: one row per distinct path-like label, to be turned into a route template.
-- Reads: raw_series
-- Parameters: -
SELECT DISTINCT coalesce(labels ->> '$.route', labels ->> '$.http_route', labels ->> '$.handler', labels ->> '$.path', labels ->> '$.uri') AS route
FROM raw_series
WHERE route IS NOT NULL
ORDER BY route
