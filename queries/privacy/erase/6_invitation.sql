-- name: erase/6_invitation
-- Grain: rows of raw_invitation about the person go.
-- Reads: raw_invitation
-- Parameters: $ids
DELETE FROM raw_invitation
WHERE list_contains($ids::VARCHAR[], accepted_by)
