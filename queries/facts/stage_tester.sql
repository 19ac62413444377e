-- name: stage_tester
-- Grain: one row per person: the name that facts may hold, and why they are left out, if they are.
-- Reads: known_person
-- Parameters: -
CREATE OR REPLACE TEMP VIEW stage_tester AS
SELECT tester_key, tester_id, excluded_reason FROM known_person
