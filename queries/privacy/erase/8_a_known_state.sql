-- name: erase/8_a_known_state
-- Grain: who is who is found out anew.
-- Reads: known_state
-- Parameters: $ids
DELETE FROM known_state WHERE len($ids::VARCHAR[]) > 0
