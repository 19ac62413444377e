-- name: known_state
-- Grain: at most one row: the rules and the load that known users were found by.
-- Reads: known_state
-- Parameters: -
SELECT print, load_id FROM known_state
