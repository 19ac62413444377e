-- name: put_day
-- Grain: one row per tester and day with new events or another session.
-- Reads: stage_merged_day
-- Parameters: -
INSERT INTO fct_tester_day
SELECT
    tester_key, day_n, events, active_events, feature_mask, first_us, last_us, sessions, session_seconds,
    requests, failed_requests, slow_requests, request_ms, app_errors
FROM stage_merged_day
ORDER BY tester_key, day_n
