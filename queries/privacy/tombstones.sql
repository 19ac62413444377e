-- name: tombstones
-- Grain: one row per erased id.
-- Reads: tombstone
-- Parameters: -
SELECT id_hash FROM tombstone
