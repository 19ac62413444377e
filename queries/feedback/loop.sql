-- name: feedback/loop
-- Grain: one row per type of feedback: items said, taken up (seen beyond "new", or resolved), shipped (resolved or closed).
-- Reads: dim_tester, fct_feedback
-- Parameters: $as_of_us
SELECT
    coalesce(nullif(b.type, ''), 'general') AS type,
    count(b.feedback_key) AS said,
    count(CASE WHEN b.started_us < $as_of_us OR b.resolved_us < $as_of_us THEN 1 END) AS triaged,
    count(CASE WHEN b.resolved_us < $as_of_us THEN 1 END) AS shipped
FROM fct_feedback b
LEFT JOIN dim_tester t ON t.tester_key = b.tester_key
WHERE t.excluded_reason IS NULL AND b.created_us < $as_of_us
GROUP BY 1
ORDER BY 1
