-- name: known_state_put
-- Grain: one row: the rules and the load that known users were found by.
-- Reads: -
-- Parameters: $print, $load_id
INSERT INTO known_state (print, load_id) VALUES ($print, $load_id)
