-- name: previous_meta
-- Grain: one row per key of the previous snapshot's meta.
-- Reads: previous.meta
-- Parameters: -
SELECT key, value FROM previous.meta
