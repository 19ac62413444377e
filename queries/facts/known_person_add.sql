-- name: known_person_add
-- Grain: one row per person met just now.
-- Reads: new_known_person (registered by data/facts_people.py)
-- Parameters: -
INSERT INTO known_person
SELECT tester_key, tester_id, excluded_reason FROM new_known_person
