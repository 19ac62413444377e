-- name: parts_within_wholes
-- Grain: one row per tester-day whose parts are larger than the whole, or negative.
-- Reads: fct_tester_day
-- Parameters: -
SELECT tester_key, day_n, events, active_events, requests, failed_requests, slow_requests
FROM fct_tester_day
WHERE active_events > events OR requests > events OR failed_requests > requests OR slow_requests > requests
    OR session_seconds < 0 OR first_us > last_us
LIMIT 20
