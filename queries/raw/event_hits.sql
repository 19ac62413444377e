-- name: raw/event_hits
-- Grain: one row per stored event whose key may be one of the batch: their hashes are the same
-- Reads: hashed (registered), raw_event
-- Parameters: -
SELECT r.rowid AS stored_row, r.key_hash
FROM raw_event AS r
SEMI JOIN hashed AS b ON r.key_hash = b.key_hash
