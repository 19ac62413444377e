-- name: feedback/items
-- Grain: one row per feedback item of a programme week, newest first, without its author.
-- Reads: dim_week, dim_tester, fct_feedback
-- Parameters: $week
SELECT b.created_us, b.type, b.priority, b.rating, b.status, b.title, b.description
FROM fct_feedback b
INNER JOIN dim_week w ON w.week = $week AND b.created_us >= w.start_us AND b.created_us < w.end_us
LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
WHERE t.excluded_reason IS NULL
ORDER BY b.created_us DESC, b.feedback_key
