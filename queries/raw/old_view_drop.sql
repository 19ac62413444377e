-- name: raw/old_view_drop
-- Grain: the view of an older version makes way
-- Reads: raw_event
-- Parameters: -
DROP VIEW IF EXISTS raw_event
