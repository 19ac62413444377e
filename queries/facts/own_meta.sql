-- name: own_meta
-- Grain: one row per key of the meta just built.
-- Reads: meta
-- Parameters: -
SELECT key, value FROM meta
