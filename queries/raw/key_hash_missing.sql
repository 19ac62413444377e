-- name: raw/key_hash_missing
-- Grain: one row: the first and the last event without the hash of its key
-- Reads: raw_event
-- Parameters: -
SELECT min(rowid) AS first_row, max(rowid) AS last_row FROM raw_event WHERE key_hash IS NULL
