-- name: operations/declared_incidents
-- Grain: one row per declared incident.
-- Reads: dim_incident
-- Parameters: -
SELECT name, from_us, to_us, class, note FROM dim_incident ORDER BY from_us, name
