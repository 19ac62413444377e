-- name: measures/stickiness
-- Grain: one row per period ($by: week or day). Over testers active in the period's days (a day: in the 7 days that end
-- with it, from the programme's 7th day on): total = sum of active days / days, sum_squares of the same. A day counts its
-- own activity over its 7 days' testers. Days are summed as integers: no order of a sum may move the last digit.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day
-- Parameters: $by
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
periods AS (
    SELECT
        period, min(day_n) AS from_day, max(day_n) AS to_day,
        CASE WHEN $by = 'day' THEN min(day_n) - 6 ELSE min(day_n) END AS pool_from,
        CAST(count(day_n) AS DOUBLE) AS days
    FROM period_days
    GROUP BY period
    HAVING $by = 'week' OR min(day_n) - 6 >= (SELECT min(start_day_n) FROM dim_week)
),
shares AS (
    SELECT
        p.period, f.tester_key, p.days,
        CAST(sum(CASE WHEN f.day_n >= p.from_day THEN 1 ELSE 0 END) AS BIGINT) AS active_days
    FROM periods p
    INNER JOIN fct_tester_day f ON f.day_n BETWEEN p.pool_from AND p.to_day
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY p.period, f.tester_key, p.days
)
SELECT
    p.period,
    CAST(sum(s.active_days) AS DOUBLE) / nullif(p.days, 0) AS total,
    count(s.tester_key) AS n,
    CAST(sum(s.active_days * s.active_days) AS DOUBLE) / nullif(p.days * p.days, 0) AS sum_squares
FROM periods p
LEFT JOIN shares s ON s.period = p.period
GROUP BY p.period, p.days
ORDER BY p.period
