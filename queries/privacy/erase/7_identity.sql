-- name: erase/7_identity
-- Grain: merges that name the person go.
-- Reads: raw_identity
-- Parameters: $ids
DELETE FROM raw_identity
WHERE list_contains($ids::VARCHAR[], alias) OR list_contains($ids::VARCHAR[], canonical)
