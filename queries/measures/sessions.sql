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
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY p.period, f.tester_key
    HAVING sum(f.active_events) > 0
),
sums AS (
    SELECT period, sum(sessions) AS total, count(tester_key) AS n, sum(sessions * sessions) AS sum_squares
    FROM tester_sums
    GROUP BY period
    UNION ALL
    -- a tester has one row a day: nothing to add up first
    SELECT
        f.day_n, CAST(sum(f.sessions) AS DOUBLE), count(f.tester_key),
        CAST(sum(CAST(f.sessions AS BIGINT) * f.sessions) AS DOUBLE)
    FROM fct_tester_day f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by = 'day' AND f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.day_n
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT p.period, s.total, coalesce(s.n, 0) AS n, s.sum_squares
FROM periods p
LEFT JOIN sums s ON s.period = p.period
ORDER BY p.period
