-- name: raw/drop_identity
-- Grain: one row removed per key given
-- Reads: raw_identity, keys (registered)
-- Parameters: $source
DELETE FROM raw_identity
WHERE source = $source AND alias IN (SELECT alias FROM keys)
