-- name: known_state
-- Grain: at most one row: by which rules known_user and known_person were made, and up to which load.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS known_state (print VARCHAR NOT NULL, load_id INTEGER NOT NULL)
