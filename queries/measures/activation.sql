-- name: measures/activation
-- Grain: one row per grain (week, day) and period in which the window after acceptance ends.
-- numerator = activated within the window, denominator = windows over at as_of, not_yet = windows still open.
-- Reads: dim_day, dim_week, dim_tester (whose activated_us comes from fct_event)
-- Parameters: $activation_us, $as_of_us
WITH windows AS (
    SELECT
        accepted_us + $activation_us AS closes_us,
        coalesce(activated_us >= accepted_us AND activated_us < accepted_us + $activation_us, FALSE) AS activated
    FROM dim_tester
    WHERE on_roster AND excluded_reason IS NULL AND accepted_us IS NOT NULL
),
placed AS (
    SELECT d.day_n, w.closes_us, w.activated
    FROM windows w
    ASOF JOIN dim_day d ON w.closes_us >= d.start_us
    WHERE w.closes_us < d.end_us
),
counted AS (
    SELECT
        d.day_n, d.week, d.is_over, d.local_date,
        count(CASE WHEN p.closes_us <= $as_of_us AND p.activated THEN 1 END) AS activated,
        count(CASE WHEN p.closes_us <= $as_of_us THEN 1 END) AS closed,
        count(CASE WHEN p.closes_us > $as_of_us THEN 1 END) AS waiting
    FROM dim_day d
    LEFT JOIN placed p ON p.day_n = d.day_n
    WHERE d.week <= (SELECT max(week) FROM dim_week)
    GROUP BY d.day_n, d.week, d.is_over, d.local_date
),
grains AS (
    SELECT 'week' AS grain, week AS period, local_date, activated, closed, waiting FROM counted
    UNION ALL
    SELECT 'day', day_n, local_date, activated, closed, waiting FROM counted WHERE is_over
)
SELECT
    grain, period,
    CAST(sum(activated) AS BIGINT) AS numerator,
    CAST(sum(closed) AS BIGINT) AS denominator,
    CAST(sum(waiting) AS BIGINT) AS not_yet,
    max(CASE WHEN waiting > 0 THEN local_date END) AS measurable_on
FROM grains
GROUP BY grain, period
ORDER BY grain, period
