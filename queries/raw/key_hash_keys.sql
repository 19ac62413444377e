-- name: raw/key_hash_keys
-- Grain: one row per event between two rows without the hash of its key
-- Reads: raw_event
-- Parameters: $first_row, $end_row
SELECT rowid AS stored_row, event_key
FROM raw_event
WHERE rowid >= $first_row AND rowid < $end_row AND key_hash IS NULL
