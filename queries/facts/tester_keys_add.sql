-- name: tester_keys_add
-- Grain: one row per person numbered just now.
-- Reads: new_tester_key (registered by data/facts_people.py)
-- Parameters: -
INSERT INTO tester_key (user_id, tester_key)
SELECT user_id, tester_key FROM new_tester_key
