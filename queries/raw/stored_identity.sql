-- name: raw/stored_identity
-- Grain: one row per alias of the source: a cycle may run through any of them
-- Reads: raw_identity
-- Parameters: $source
SELECT alias, canonical
FROM raw_identity
WHERE source = $source
