-- name: measures/open_critical_bugs
-- Grain: one row per period ($by: week or day). value = critical bugs created and not resolved at its end (a running
-- period: at the end of its last complete day), n = bugs created until then.
-- Reads: dim_day, dim_week, dim_tester, fct_feedback
-- Parameters: $by
WITH periods AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, max(end_us) AS until_us
    FROM dim_day
    WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
    GROUP BY CASE WHEN $by = 'day' THEN day_n ELSE week END
),
bugs AS (
    SELECT b.created_us, b.resolved_us, b.priority
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE b.type = 'bug' AND t.excluded_reason IS NULL
)
SELECT
    p.period,
    CAST(sum(CASE WHEN b.priority = 'critical' AND coalesce(b.resolved_us >= p.until_us, b.created_us IS NOT NULL)
             THEN 1 ELSE 0 END) AS BIGINT) AS value,
    count(b.created_us) AS n
FROM periods p
LEFT JOIN bugs b ON b.created_us < p.until_us
GROUP BY p.period
ORDER BY p.period
