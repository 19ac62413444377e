-- name: measures/active_testers
-- Grain: one row per period ($by: week or day). value = distinct active testers over its complete days, n = testers on the roster.
-- Reads: dim_day, dim_week, dim_tester, fct_active_day, fct_tester_week
-- Parameters: $by, $include_excluded
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
testers AS (
    SELECT tester_key FROM dim_tester WHERE on_roster AND (excluded_reason IS NULL OR $include_excluded)
),
counted AS (
    SELECT f.week AS period, count(f.tester_key) AS testers
    FROM fct_tester_week f
    INNER JOIN testers t ON t.tester_key = f.tester_key
    WHERE $by <> 'day'
    GROUP BY f.week
    UNION ALL
    SELECT day_n, CAST(sum(testers) AS BIGINT)
    FROM fct_active_day
    WHERE $by = 'day' AND on_roster AND (NOT is_excluded OR $include_excluded)
    GROUP BY day_n
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period,
    CAST(coalesce(c.testers, 0) AS BIGINT) AS value,
    (SELECT count(tester_key) FROM testers) AS n
FROM periods p
LEFT JOIN counted c ON c.period = p.period
ORDER BY p.period
