-- name: known_user_add
-- Grain: one row per user id met just now.
-- Reads: new_known_user (registered by data/facts_people.py)
-- Parameters: -
INSERT INTO known_user
SELECT user_id, tester_key, is_canonical FROM new_known_user
