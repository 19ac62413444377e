-- name: known_state_drop
-- Grain: all rows go.
-- Reads: known_state
-- Parameters: -
DELETE FROM known_state
