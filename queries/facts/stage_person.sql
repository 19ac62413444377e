-- name: stage_person
-- Grain: one row per user id: whose it is.
-- Reads: known_user
-- Parameters: -
CREATE OR REPLACE TEMP VIEW stage_person AS
SELECT user_id, tester_key, is_canonical FROM known_user
