-- name: measures/feedback_per_tester
-- Grain: one row per period ($by: week or day). Over its active testers: total feedback items they created, n, sum_squares.
-- Reads: dim_day, dim_week, dim_tester, fct_active_day, fct_tester_day, fct_tester_week, fct_feedback
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
counted AS (
    SELECT f.week AS period, count(f.tester_key) AS testers
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.week
    UNION ALL
    SELECT day_n, testers FROM fct_active_day WHERE $by = 'day' AND on_roster AND NOT is_excluded
),
items AS (
    SELECT p.period, b.tester_key, CAST(count(b.feedback_key) AS DOUBLE) AS items
    FROM period_days p
    INNER JOIN fct_feedback b ON b.day_n = p.day_n
    INNER JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE t.on_roster AND t.excluded_reason IS NULL
    GROUP BY p.period, b.tester_key
),
of_actives AS (
    -- few write: who did is looked up among the active, not the other way round
    SELECT i.period, i.items
    FROM items i
    INNER JOIN fct_tester_week f ON f.week = i.period AND f.tester_key = i.tester_key
    WHERE $by <> 'day'
    UNION ALL
    SELECT i.period, i.items
    FROM items i
    INNER JOIN fct_tester_day f ON f.day_n = i.period AND f.tester_key = i.tester_key
    WHERE $by = 'day' AND f.active_events > 0
),
sums AS (SELECT period, sum(items) AS total, sum(items * items) AS sum_squares FROM of_actives GROUP BY period),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period,
    CASE WHEN c.testers > 0 THEN coalesce(s.total, 0) END AS total,
    coalesce(c.testers, 0) AS n,
    CASE WHEN c.testers > 0 THEN coalesce(s.sum_squares, 0) END AS sum_squares
FROM periods p
LEFT JOIN counted c ON c.period = p.period
LEFT JOIN sums s ON s.period = p.period
ORDER BY p.period
