-- name: measures/retention
-- Grain: one row per grain (week, day) and period in which the last day of the bracket (day 0 + $to_offset) lies.
-- numerator = active on a day of the bracket, denominator = brackets completely over, not_yet = brackets still open.
-- Reads: dim_day, dim_week, dim_tester, fct_tester_day
-- Parameters: $from_offset, $to_offset, $include_excluded
WITH cohorts AS (
    SELECT tester_key, first_active_day_n + $from_offset AS from_day, first_active_day_n + $to_offset AS to_day
    FROM dim_tester
    WHERE on_roster AND (excluded_reason IS NULL OR $include_excluded) AND first_active_day_n IS NOT NULL
),
returns AS (
    SELECT DISTINCT c.tester_key
    FROM cohorts c
    INNER JOIN fct_tester_day f ON f.tester_key = c.tester_key AND f.day_n BETWEEN c.from_day AND c.to_day
    WHERE f.active_events > 0
),
counted AS (
    SELECT d.day_n, d.week, d.is_over, count(c.tester_key) AS testers, count(r.tester_key) AS returned
    FROM dim_day d
    LEFT JOIN cohorts c ON c.to_day = d.day_n
    LEFT JOIN returns r ON r.tester_key = c.tester_key
    WHERE d.week <= (SELECT max(week) FROM dim_week)
    GROUP BY d.day_n, d.week, d.is_over
),
grains AS (
    SELECT 'week' AS grain, week AS period, day_n, is_over, testers, returned FROM counted
    UNION ALL
    SELECT 'day', day_n, day_n, is_over, testers, returned FROM counted WHERE is_over
)
SELECT
    grain, period,
    CAST(sum(CASE WHEN is_over THEN returned ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN is_over THEN testers ELSE 0 END) AS BIGINT) AS denominator,
    CAST(sum(CASE WHEN is_over THEN 0 ELSE testers END) AS BIGINT) AS not_yet,
    DATE '1970-01-01' + CAST(max(CASE WHEN NOT is_over AND testers > 0 THEN day_n + 1 END) AS INTEGER) AS measurable_on
FROM grains
GROUP BY grain, period
ORDER BY grain, period
