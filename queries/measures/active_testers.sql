-- name: measures/active_testers
-- Grain: one row per period ($by: week or day). value = distinct active testers over its complete days, n = testers on the roster.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day
-- Parameters: $by, $include_excluded
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
testers AS (
    SELECT tester_key FROM dim_tester WHERE on_roster AND (excluded_reason IS NULL OR $include_excluded)
),
active_days AS (
    SELECT f.tester_key, f.day_n
    FROM fct_tester_day f
    INNER JOIN testers t ON t.tester_key = f.tester_key
    WHERE f.active_events > 0
),
counted AS (
    SELECT p.period, count(DISTINCT a.tester_key) AS testers
    FROM period_days p
    LEFT JOIN active_days a ON a.day_n = p.day_n
    WHERE $by <> 'day'
    GROUP BY p.period
    UNION ALL
    SELECT day_n, count(tester_key) FROM active_days WHERE $by = 'day' GROUP BY day_n  -- a tester has one row a day
),
periods AS (SELECT DISTINCT period FROM period_days)
SELECT
    p.period,
    CAST(coalesce(c.testers, 0) AS BIGINT) AS value,
    (SELECT count(tester_key) FROM testers) AS n
FROM periods p
LEFT JOIN counted c ON c.period = p.period
ORDER BY p.period
