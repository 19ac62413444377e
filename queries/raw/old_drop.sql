-- name: raw/old_drop
-- Grain: the table of older versions goes
-- Reads: old_event
-- Parameters: -
DROP TABLE old_event
