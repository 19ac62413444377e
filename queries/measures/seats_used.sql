-- name: measures/seats_used
-- Grain: one row per period ($by: week or day). numerator = testers accepted before its end, denominator = seats,
-- n = testers on the roster.
-- Reads: dim_day, dim_week, dim_tester
-- Parameters: $by, $seats
WITH periods AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, max(end_us) AS until_us
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
    GROUP BY CASE WHEN $by = 'day' THEN day_n ELSE week END
),
testers AS (SELECT tester_key, accepted_us FROM dim_tester WHERE on_roster AND excluded_reason IS NULL),
arrived AS (
    -- the first period at whose end a tester was accepted
    SELECT p.until_us, count(t.tester_key) AS testers
    FROM testers t
    ASOF JOIN periods p ON t.accepted_us < p.until_us
    GROUP BY p.until_us
)
SELECT
    p.period,
    CAST(coalesce(sum(a.testers) OVER (ORDER BY p.until_us), 0) AS BIGINT) AS numerator,
    $seats AS denominator,
    (SELECT count(tester_key) FROM testers) AS n
FROM periods p
LEFT JOIN arrived a ON a.until_us = p.until_us
ORDER BY p.period
