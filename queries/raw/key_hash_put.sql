-- name: raw/key_hash_put
-- Grain: one row per event that gets the hash of its key
-- Reads: made (registered), raw_event
-- Parameters: $first_row, $end_row
UPDATE raw_event
SET key_hash = m.key_hash
FROM made AS m
WHERE raw_event.rowid = m.stored_row AND raw_event.rowid >= $first_row AND raw_event.rowid < $end_row
