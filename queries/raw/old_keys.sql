-- name: raw/old_keys
-- Grain: one row per event of a piece of the old table without the hash of its key
-- Reads: old_event
-- Parameters: $first_row, $end_row
SELECT rowid AS old_row, event_key
FROM old_event
WHERE rowid >= $first_row AND rowid < $end_row AND key_hash IS NULL
