-- name: fct_feedback
-- Grain: one row per feedback item created before as_of.
-- Reads: raw_feedback, raw_feedback_status, stage_person, dim_tester, stage_quarter
-- Parameters: $as_of_us
INSERT INTO fct_feedback
WITH change AS (
    SELECT
        source, feedback_key,
        min(CASE WHEN status <> 'new' THEN since_us END) AS started_us,
        min(CASE WHEN status IN ('resolved', 'closed') THEN since_us END) AS resolved_us
    FROM raw_feedback_status
    WHERE since_us < $as_of_us
    GROUP BY source, feedback_key
)
SELECT
    f.feedback_key, d.tester_key, f.type, f.title, f.description, f.priority, f.rating, f.status, f.created_us, q.day_n,
    c.started_us, CASE WHEN f.status IN ('resolved', 'closed') THEN coalesce(c.resolved_us, f.updated_us) END
FROM raw_feedback AS f
INNER JOIN stage_quarter AS q ON q.quarter_n = f.created_us // 900000000
LEFT JOIN stage_person AS p ON p.user_id = f.user_id
LEFT JOIN dim_tester AS d ON d.tester_key = p.tester_key
LEFT JOIN change AS c ON c.source = f.source AND c.feedback_key = f.feedback_key
WHERE f.created_us < $as_of_us
ORDER BY f.created_us, f.feedback_key
