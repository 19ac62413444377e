-- name: stage_tester
-- Grain: one row per person.
-- Reads: new_stage_tester (registered while facts are built)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_tester AS
SELECT tester_key, tester_id, excluded_reason FROM new_stage_tester
