-- name: known_user_drop
-- Grain: all rows go.
-- Reads: known_user
-- Parameters: -
DELETE FROM known_user
