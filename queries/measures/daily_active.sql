-- name: measures/daily_active
-- Grain: one row per period ($by: week or day). numerator = active tester-days, denominator = complete days, n = complete days.
-- Reads: dim_day, dim_week, fct_active_day
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
actives AS (SELECT day_n, testers FROM fct_active_day WHERE on_roster AND NOT is_excluded)
SELECT
    p.period,
    CAST(coalesce(sum(a.testers), 0) AS DOUBLE) AS numerator,
    CAST(count(p.day_n) AS DOUBLE) AS denominator,
    count(p.day_n) AS n
FROM period_days p
LEFT JOIN actives a ON a.day_n = p.day_n
GROUP BY p.period
ORDER BY p.period
