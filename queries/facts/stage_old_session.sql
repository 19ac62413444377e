-- name: stage_old_session
-- Grain: one row per known session that is made anew: those near, and all pieces of a run that was cut where one piece is near.
-- Reads: stage_near_session, fct_session
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_old_session AS
SELECT tester_key, start_us, end_us, day_n, events FROM stage_near_session WHERE run_us IS NULL
UNION ALL
SELECT s.tester_key, s.start_us, s.end_us, s.day_n, s.events
FROM fct_session AS s
INNER JOIN (SELECT DISTINCT tester_key, run_us FROM stage_near_session WHERE run_us IS NOT NULL) AS r
    ON r.tester_key = s.tester_key AND r.run_us = s.run_us
