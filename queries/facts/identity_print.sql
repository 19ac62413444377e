-- name: identity_print
-- Grain: one row: fingerprint of the merges in force.
-- Reads: raw_identity
-- Parameters: -
SELECT CAST(coalesce(sum(CAST(hash(alias, canonical) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM raw_identity
