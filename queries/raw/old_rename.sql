-- name: raw/old_rename
-- Grain: the table of older versions makes way for the view
-- Reads: raw_event
-- Parameters: -
ALTER TABLE raw_event RENAME TO old_event
