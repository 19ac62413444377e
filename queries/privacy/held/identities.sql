-- name: held/identities
-- Grain: one row of raw_identity that is about the person, or names the person.
-- Reads: raw_identity
-- Parameters: $ids
SELECT
    source, alias, canonical
FROM raw_identity
WHERE list_contains($ids::VARCHAR[], alias) OR list_contains($ids::VARCHAR[], canonical)
ORDER BY alias
