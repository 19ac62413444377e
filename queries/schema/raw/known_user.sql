-- name: known_user
-- Grain: one row per user id met so far: whose it is. Made from the other tables, so that a refresh looks at new ids only.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS known_user (user_id VARCHAR NOT NULL, tester_key INTEGER NOT NULL, is_canonical BOOLEAN NOT NULL)
