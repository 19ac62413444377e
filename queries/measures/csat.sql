-- name: measures/csat
-- Grain: one row per period ($by: week or day). denominator = ratings 1 to 5 given, numerator = ratings 4 and 5,
-- note_n = active testers who could have rated.
-- Reads: dim_day, dim_week, dim_tester, fct_feedback, fct_active_day, fct_tester_week
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
ratings AS (
    SELECT b.day_n, b.rating, b.tester_key
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE b.rating BETWEEN 1 AND 5 AND t.excluded_reason IS NULL
),
actives AS (
    SELECT f.week AS period, count(f.tester_key) AS testers
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.week
    UNION ALL
    SELECT day_n, testers FROM fct_active_day WHERE $by = 'day' AND on_roster AND NOT is_excluded
)
SELECT
    p.period,
    CAST(sum(CASE WHEN r.rating >= 4 THEN 1 ELSE 0 END) AS BIGINT) AS numerator,
    count(r.rating) AS denominator,
    0 AS not_yet,
    CAST(NULL AS DATE) AS measurable_on,
    count(DISTINCT r.tester_key) AS note_n,
    coalesce(max(a.testers), 0) AS note_of
FROM period_days p
LEFT JOIN ratings r ON r.day_n = p.day_n
LEFT JOIN actives a ON a.period = p.period
GROUP BY p.period
ORDER BY p.period
