-- name: tester_keys
-- Grain: one row per person who has a number.
-- Reads: tester_key
-- Parameters: -
SELECT user_id, tester_key FROM tester_key
