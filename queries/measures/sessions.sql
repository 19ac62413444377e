-- name: measures/sessions
-- Grain: one row per period ($by: week or day). Over its active testers: total sessions started, n, sum_squares.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
tester_sums AS (
    SELECT p.period, f.tester_key, CAST(sum(f.sessions) AS DOUBLE) AS sessions
    FROM period_days p
    INNER JOIN fct_tester_day f ON f.day_n = p.day_n
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE t.on_roster AND t.excluded_reason IS NULL
    GROUP BY p.period, f.tester_key
    HAVING sum(f.active_events) > 0
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period, sum(s.sessions) AS total, count(s.tester_key) AS n, sum(s.sessions * s.sessions) AS sum_squares
FROM periods p
LEFT JOIN tester_sums s ON s.period = p.period
GROUP BY p.period
ORDER BY p.period
