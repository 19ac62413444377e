-- name: erase/8_c_known_user
-- Grain: the person's ids go.
-- Reads: known_user
-- Parameters: $ids
DELETE FROM known_user WHERE list_contains($ids::VARCHAR[], user_id)
