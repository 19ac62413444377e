-- name: measures/sessions
-- Grain: one row per period ($by: week or day). Over its active testers: total sessions started, n, sum_squares.
-- Reads: dim_day, dim_week, dim_tester, fct_active_day, fct_tester_week
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
sums AS (
    SELECT
        f.week AS period, CAST(sum(f.sessions) AS DOUBLE) AS total, count(f.tester_key) AS n,
        CAST(sum(CAST(f.sessions AS BIGINT) * f.sessions) AS DOUBLE) AS sum_squares
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.week
    UNION ALL
    SELECT
        day_n, CAST(sessions AS DOUBLE), testers, CAST(session_squares AS DOUBLE)
    FROM fct_active_day
    WHERE $by = 'day' AND on_roster AND NOT is_excluded
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT p.period, s.total, coalesce(s.n, 0) AS n, s.sum_squares
FROM periods p
LEFT JOIN sums s ON s.period = p.period
ORDER BY p.period
