-- name: operations/releases
-- Grain: one row per release, declared or found.
-- Reads: dim_release
-- Parameters: -
SELECT name, at_us, found, note FROM dim_release ORDER BY at_us, name
