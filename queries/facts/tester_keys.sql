-- name: tester_keys
-- Grain: one row per person asked for who has a number.
-- Reads: tester_key, asked_person (registered by data/facts_people.py)
-- Parameters: -
SELECT k.user_id, k.tester_key
FROM tester_key AS k
WHERE k.user_id IN (SELECT user_id FROM asked_person)
