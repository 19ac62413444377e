-- name: raw/old_kinds
-- Grain: one row per kind of event of the old table
-- Reads: old_event
-- Parameters: -
INSERT INTO event_kind
SELECT
    row_number() OVER (
        ORDER BY source, event, route, method, status, feature, platform, component, error_type
    ), d.*
FROM (SELECT DISTINCT source, event, route, method, status, feature, platform, component, error_type FROM old_event) AS d
