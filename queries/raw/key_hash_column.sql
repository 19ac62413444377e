-- name: raw/key_hash_column
-- Grain: the column, in a store that an older version made
-- Reads: raw_event
-- Parameters: -
ALTER TABLE raw_event ADD COLUMN IF NOT EXISTS key_hash UBIGINT
