-- name: measures/feedback_per_tester
-- Grain: one row per period ($by: week or day). Over its active testers: total feedback items they created, n, sum_squares.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day, fct_tester_week, fct_feedback
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
actives AS (
    SELECT f.week AS period, f.tester_key
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    UNION ALL
    SELECT f.day_n, f.tester_key
    FROM fct_tester_day f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by = 'day' AND f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
),
items AS (
    SELECT p.period, b.tester_key, count(b.feedback_key) AS items
    FROM period_days p
    INNER JOIN fct_feedback b ON b.day_n = p.day_n
    GROUP BY p.period, b.tester_key
),
tester_sums AS (
    SELECT a.period, a.tester_key, CAST(coalesce(i.items, 0) AS DOUBLE) AS items
    FROM actives a
    LEFT JOIN items i ON i.period = a.period AND i.tester_key = a.tester_key
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT p.period, sum(s.items) AS total, count(s.tester_key) AS n, sum(s.items * s.items) AS sum_squares
FROM periods p
LEFT JOIN tester_sums s ON s.period = p.period
GROUP BY p.period
ORDER BY p.period
