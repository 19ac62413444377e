-- name: review/feedback_week
-- Grain: one row per programme week: feedback created in it by type, bugs resolved in it, critical ones apart.
-- Reads: dim_week, dim_tester, fct_feedback
-- Parameters: -
WITH items AS (
    SELECT b.created_us, b.resolved_us, b.type, b.priority, b.tester_key
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE t.excluded_reason IS NULL
)
SELECT
    w.week,
    CAST(coalesce(sum(CASE WHEN i.created_us >= w.start_us THEN 1 ELSE 0 END), 0) AS BIGINT) AS items,
    CAST(coalesce(sum(CASE WHEN i.created_us >= w.start_us AND i.type = 'bug' THEN 1 ELSE 0 END), 0) AS BIGINT) AS bugs,
    CAST(coalesce(sum(CASE WHEN i.created_us >= w.start_us AND i.type = 'feature' THEN 1 ELSE 0 END), 0) AS BIGINT)
        AS requests,
    CAST(coalesce(sum(CASE WHEN i.created_us >= w.start_us AND i.type = 'bug' AND i.priority = 'critical'
        THEN 1 ELSE 0 END), 0) AS BIGINT) AS critical,
    CAST(coalesce(sum(CASE WHEN i.type = 'bug' AND i.resolved_us >= w.start_us AND i.resolved_us < w.end_us
        THEN 1 ELSE 0 END), 0) AS BIGINT) AS bugs_resolved,
    CAST(coalesce(sum(CASE WHEN i.type = 'bug' AND i.priority = 'critical' AND i.resolved_us >= w.start_us
        AND i.resolved_us < w.end_us THEN 1 ELSE 0 END), 0) AS BIGINT) AS critical_resolved,
    count(DISTINCT CASE WHEN i.created_us >= w.start_us THEN i.tester_key END) AS authors
FROM dim_week w
LEFT JOIN items i ON i.created_us < w.end_us
GROUP BY w.week
ORDER BY w.week
