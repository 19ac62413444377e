-- name: active_days
-- Grain: one row per counted local day with active testers and standing of these.
-- Reads: stage_counted_day, fct_tester_day, dim_tester
-- Parameters: -
SELECT
    f.day_n, t.on_roster, t.excluded_reason IS NOT NULL AS is_excluded, count(f.tester_key) AS testers,
    CAST(sum(CASE WHEN f.failed_requests = 0 AND f.app_errors = 0 THEN 1 ELSE 0 END) AS BIGINT) AS error_free_testers,
    CAST(sum(f.sessions) AS BIGINT) AS sessions,
    CAST(sum(CAST(f.sessions AS BIGINT) * f.sessions) AS BIGINT) AS session_squares
FROM stage_counted_day AS c
INNER JOIN fct_tester_day AS f ON f.day_n = c.day_n
INNER JOIN dim_tester AS t ON t.tester_key = f.tester_key
WHERE f.active_events > 0
GROUP BY f.day_n, t.on_roster, t.excluded_reason IS NOT NULL
ORDER BY f.day_n, t.on_roster, is_excluded
