-- name: measures/retention
-- Grain: one row per period ($by: week or day) in which the last day of the bracket (day 0 + $to_offset) lies.
-- numerator = active on a day of the bracket, denominator = brackets completely over, not_yet = brackets still open.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day
-- Parameters: $by, $from_offset, $to_offset, $include_excluded
WITH programme_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n, is_over
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
cohorts AS (
    SELECT tester_key, first_active_day_n + $from_offset AS from_day, first_active_day_n + $to_offset AS to_day
    FROM dim_tester
    WHERE on_roster AND (excluded_reason IS NULL OR $include_excluded) AND first_active_day_n IS NOT NULL
),
returns AS (
    SELECT DISTINCT c.tester_key
    FROM cohorts c
    INNER JOIN fct_tester_day f ON f.tester_key = c.tester_key AND f.day_n BETWEEN c.from_day AND c.to_day
    WHERE f.active_events > 0
)
SELECT
    d.period,
    CAST(sum(CASE WHEN d.is_over AND r.tester_key IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN d.is_over AND c.tester_key IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS denominator,
    CAST(sum(CASE WHEN NOT d.is_over AND c.tester_key IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS not_yet,
    DATE '1970-01-01' + CAST(max(CASE WHEN NOT d.is_over AND c.tester_key IS NOT NULL THEN d.day_n + 1 END) AS INTEGER)
        AS measurable_on
FROM programme_days d
LEFT JOIN cohorts c ON c.to_day = d.day_n
LEFT JOIN returns r ON r.tester_key = c.tester_key
GROUP BY d.period
ORDER BY d.period
