-- name: keep_session
-- Grain: rows of untouched testers, as they stand in the previous snapshot.
-- Reads: previous.fct_session, stage_touched
-- Parameters: -
INSERT INTO fct_session
SELECT
    tester_key, start_us, end_us, day_n, events
FROM previous.fct_session
WHERE tester_key NOT IN (SELECT tester_key FROM stage_touched)
