-- name: links
-- Grain: one row per alias, both ends.
-- Reads: raw_identity
-- Parameters: -
SELECT alias, canonical FROM raw_identity ORDER BY alias, canonical
