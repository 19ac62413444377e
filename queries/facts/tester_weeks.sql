-- name: tester_weeks
-- Grain: one row per tester and touched programme week in whose days that are over they were active.
-- Reads: stage_touched_week, dim_day, fct_tester_day
-- Parameters: -
SELECT
    d.week, f.tester_key,
    CAST(sum(CASE WHEN f.active_events > 0 THEN 1 ELSE 0 END) AS INTEGER) AS active_days,
    CAST(sum(f.sessions) AS INTEGER) AS sessions,
    bit_or(f.feature_mask) AS feature_mask,
    CAST(sum(f.failed_requests) + sum(f.app_errors) AS BIGINT) AS errors,
    max(f.day_n) AS last_day_n
FROM stage_touched_week AS t
INNER JOIN dim_day AS d ON d.week = t.week AND d.is_over
INNER JOIN fct_tester_day AS f ON f.day_n = d.day_n
GROUP BY d.week, f.tester_key
HAVING sum(f.active_events) > 0
ORDER BY d.week, f.tester_key
