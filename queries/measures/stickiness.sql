-- name: measures/stickiness
-- Grain: one row per period ($by: week or day). Over testers active in the period's days (a day: in the 7 days that end
-- with it, from the programme's 7th day on): total = sum of active days / days, sum_squares of the same. A day counts its
-- own activity over its 7 days' testers. Days are summed as integers: no order of a sum may move the last digit.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day, fct_tester_week
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
active AS (
    SELECT f.day_n, lead(f.day_n) OVER (PARTITION BY f.tester_key ORDER BY f.day_n) AS next_day_n
    FROM fct_tester_day f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by = 'day' AND f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
),
changes AS (
    -- a tester is in the pool from an active day on for 7 days, or to the next active day, which begins anew
    SELECT day_n, 1 AS active, 1 AS pool FROM active
    UNION ALL
    SELECT least(day_n + 7, coalesce(next_day_n, day_n + 7)), 0, -1 FROM active
    UNION ALL
    SELECT to_day, 0, 0 FROM periods WHERE $by = 'day'
),
daily AS (
    SELECT day_n, sum(active) AS active, sum(sum(pool)) OVER (ORDER BY day_n) AS pool FROM changes GROUP BY day_n
),
counted AS (
    SELECT
        f.week AS period, sum(f.active_days) AS total, count(f.tester_key) AS n,
        sum(CAST(f.active_days AS BIGINT) * f.active_days) AS sum_squares
    FROM fct_tester_week f
    INNER JOIN dim_tester t ON t.tester_key = f.tester_key
    WHERE $by <> 'day' AND t.on_roster AND t.excluded_reason IS NULL
    GROUP BY f.week
    UNION ALL
    SELECT p.period, d.active, d.pool, d.active  -- of one day: 1 or 0 days each
    FROM periods p INNER JOIN daily d ON d.day_n = p.to_day WHERE $by = 'day' AND d.pool > 0
)
SELECT
    p.period,
    CAST(c.total AS DOUBLE) / nullif(p.days, 0) AS total,
    CAST(coalesce(c.n, 0) AS BIGINT) AS n,
    CAST(c.sum_squares AS DOUBLE) / nullif(p.days * p.days, 0) AS sum_squares
FROM periods p
LEFT JOIN counted c ON c.period = p.period
ORDER BY p.period
