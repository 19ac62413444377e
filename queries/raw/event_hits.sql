-- name: raw/event_hits
-- Grain: one row per stored event whose key may be one of the batch: their hashes are the same
-- Reads: hashed (registered), event_log
-- Parameters: -
SELECT r.rowid AS stored_row, r.key_hash
FROM event_log AS r
SEMI JOIN hashed AS b ON r.key_hash = b.key_hash
