-- name: measures/activation
-- Grain: one row per period ($by: week or day) in which the window after acceptance ends.
-- numerator = activated within the window, denominator = windows over at as_of, not_yet = windows still open.
-- Reads: dim_day, dim_week, dim_tester (whose activated_us comes from fct_event)
-- Parameters: $by, $activation_us, $as_of_us
WITH programme_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, local_date, start_us, end_us
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
windows AS (
    SELECT
        accepted_us + $activation_us AS closes_us,
        coalesce(activated_us >= accepted_us AND activated_us < accepted_us + $activation_us, FALSE) AS activated
    FROM dim_tester
    WHERE on_roster AND excluded_reason IS NULL AND accepted_us IS NOT NULL
)
SELECT
    d.period,
    CAST(sum(CASE WHEN w.closes_us <= $as_of_us AND w.activated THEN 1 ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN w.closes_us <= $as_of_us THEN 1 ELSE 0 END) AS BIGINT) AS denominator,
    CAST(sum(CASE WHEN w.closes_us > $as_of_us THEN 1 ELSE 0 END) AS BIGINT) AS not_yet,
    max(CASE WHEN w.closes_us > $as_of_us THEN d.local_date END) AS measurable_on
FROM programme_days d
LEFT JOIN windows w ON w.closes_us >= d.start_us AND w.closes_us < d.end_us
GROUP BY d.period
ORDER BY d.period
