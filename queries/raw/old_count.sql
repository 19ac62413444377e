-- name: raw/old_count
-- Grain: one row: the last row number of the old table
-- Reads: old_event
-- Parameters: -
SELECT max(rowid) FROM old_event
