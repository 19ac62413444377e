-- name: measures/error_free
-- Grain: one row per period ($by: week or day). denominator = active testers, numerator = those without a failed
-- request (status >= 500) or app error in the period.
-- Reads: dim_day, dim_week, dim_tester, fct_active_day, fct_tester_week
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
sums AS (
    SELECT f.week AS period, sum(CASE WHEN f.errors = 0 THEN 1 ELSE 0 END) AS free, count(f.tester_key) AS testers
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.week
    UNION ALL
    SELECT day_n, error_free_testers, testers
    FROM fct_active_day
    WHERE $by = 'day' AND on_roster AND NOT is_excluded
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period,
    CAST(coalesce(s.free, 0) AS BIGINT) AS numerator,
    coalesce(s.testers, 0) AS denominator,
    0 AS not_yet,
    CAST(NULL AS DATE) AS measurable_on
FROM periods p
LEFT JOIN sums s ON s.period = p.period
ORDER BY p.period
