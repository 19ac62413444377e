-- name: feedback/flow
-- Grain: one row per programme week that has begun: items and requests written in it, bugs written, bugs resolved, bugs
-- open at its end (or at as_of), and testers who wrote anything.
-- Reads: dim_week, dim_tester, fct_feedback
-- Parameters: $as_of_us
WITH items AS (
    SELECT b.created_us, b.resolved_us, b.type, b.tester_key
    FROM fct_feedback b
    LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
    WHERE t.excluded_reason IS NULL AND b.created_us < $as_of_us
),
weeks AS (
    SELECT week, start_us, least(end_us, $as_of_us) AS until_us FROM dim_week WHERE start_us < $as_of_us
)
SELECT
    w.week,
    count(CASE WHEN i.created_us >= w.start_us THEN 1 END) AS items,
    count(CASE WHEN i.created_us >= w.start_us AND i.type = 'feature' THEN 1 END) AS requests,
    count(CASE WHEN i.created_us >= w.start_us AND i.type = 'bug' THEN 1 END) AS bugs_in,
    count(CASE WHEN i.type = 'bug' AND i.resolved_us >= w.start_us AND i.resolved_us < w.until_us THEN 1 END) AS bugs_out,
    count(CASE WHEN i.type = 'bug' AND coalesce(i.resolved_us >= w.until_us, i.created_us IS NOT NULL) THEN 1 END)
        AS bugs_open,
    count(DISTINCT CASE WHEN i.created_us >= w.start_us THEN i.tester_key END) AS authors
FROM weeks w
LEFT JOIN items i ON i.created_us < w.until_us
GROUP BY w.week
ORDER BY w.week
