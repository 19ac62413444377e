-- name: feedback/topics
-- Grain: one row per title of feature requests (case and spaces aside): items, authors, and how many are shipped.
-- Reads: dim_tester, fct_feedback
-- Parameters: $as_of_us
SELECT
    min(trim(b.title)) AS topic,
    count(b.feedback_key) AS items,
    count(DISTINCT coalesce(CAST(b.tester_key AS VARCHAR), b.feedback_key)) AS authors,
    count(CASE WHEN b.resolved_us < $as_of_us THEN 1 END) AS shipped
FROM fct_feedback b
LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
WHERE t.excluded_reason IS NULL AND b.type = 'feature' AND b.created_us < $as_of_us
GROUP BY lower(trim(coalesce(b.title, '')))
ORDER BY authors DESC, items DESC, topic
