-- name: keep_tester_day
-- Grain: rows of untouched testers, as they stand in the previous snapshot.
-- Reads: previous.fct_tester_day, stage_touched
-- Parameters: -
INSERT INTO fct_tester_day
SELECT
    tester_key, day_n, events, active_events, feature_mask, first_us, last_us, sessions, session_seconds,
    requests, failed_requests, slow_requests, request_ms, app_errors
FROM previous.fct_tester_day
WHERE tester_key NOT IN (SELECT tester_key FROM stage_touched)
