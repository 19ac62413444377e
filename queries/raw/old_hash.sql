-- name: raw/old_hash
-- Grain: the column that the oldest versions did not have
-- Reads: old_event
-- Parameters: -
ALTER TABLE old_event ADD COLUMN IF NOT EXISTS key_hash UBIGINT
