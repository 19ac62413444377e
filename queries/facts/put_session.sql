-- name: put_session
-- Grain: one row per session made anew.
-- Reads: stage_session
-- Parameters: -
INSERT INTO fct_session
SELECT tester_key, start_us, end_us, day_n, events, run_us
FROM stage_session
ORDER BY tester_key, start_us
