-- name: stage_moved_day
-- Grain: one row per tester and day with new events or another session.
-- Reads: stage_tester_day, stage_old_session, stage_session
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_moved_day AS
SELECT tester_key, day_n FROM stage_tester_day
UNION
SELECT tester_key, day_n FROM stage_old_session
UNION
SELECT tester_key, day_n FROM stage_session
