-- name: stage_person
-- Grain: one row per user id, with the number of the person behind it.
-- Reads: new_stage_person (registered while facts are built)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_person AS
SELECT user_id, tester_key, is_canonical FROM new_stage_person
