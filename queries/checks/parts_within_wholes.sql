-- name: parts_within_wholes
-- Grain: one row per tester-day of a touched day whose parts are larger than the whole, or negative. A full build touches
-- every day.
-- Reads: stage_print_day, fct_tester_day
-- Parameters: -
SELECT f.tester_key, f.day_n, f.events, f.active_events, f.requests, f.failed_requests, f.slow_requests
FROM (SELECT DISTINCT day_n FROM stage_print_day) AS t
INNER JOIN fct_tester_day AS f ON f.day_n = t.day_n
WHERE f.active_events > f.events OR f.requests > f.events OR f.failed_requests > f.requests OR f.slow_requests > f.requests
    OR f.session_seconds < 0 OR f.first_us > f.last_us
LIMIT 20
