-- name: measures/time_to_resolve
-- Grain: one row per period ($by: week or day) and bug created before its end. duration_s until resolved, or until the
-- period's end (observed = FALSE) where it was still open then.
-- Reads: dim_day, dim_week, dim_tester, fct_feedback
-- Parameters: $by
WITH periods AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, max(end_us) AS until_us
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
    GROUP BY CASE WHEN $by = 'day' THEN day_n ELSE week END
)
SELECT
    p.period,
    coalesce(b.resolved_us < p.until_us, FALSE) AS observed,
    ((CASE WHEN b.resolved_us < p.until_us THEN b.resolved_us ELSE p.until_us END) - b.created_us) / 1000000
        AS duration_s
FROM periods p
INNER JOIN fct_feedback b ON b.created_us < p.until_us AND b.type = 'bug'
LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
WHERE t.excluded_reason IS NULL
ORDER BY p.period, duration_s
