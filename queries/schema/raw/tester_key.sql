-- name: tester_key
-- Grain: one row per person ever seen, under the canonical id; numbers are never reused, so they stay the same.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS tester_key (user_id VARCHAR NOT NULL, tester_key INTEGER NOT NULL)
