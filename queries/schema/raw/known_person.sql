-- name: known_person
-- Grain: one row per person met so far. Made from the other tables, as known_user.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS known_person (tester_key INTEGER NOT NULL, tester_id VARCHAR NOT NULL, excluded_reason VARCHAR)
