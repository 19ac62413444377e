-- name: held/feedback_status
-- Grain: one row per status seen of the person's feedback.
-- Reads: raw_feedback_status, raw_feedback
-- Parameters: $ids
SELECT s.source, s.feedback_key, s.status, s.since_us
FROM raw_feedback_status AS s
INNER JOIN raw_feedback AS f ON f.source = s.source AND f.feedback_key = s.feedback_key
WHERE list_contains($ids::VARCHAR[], f.user_id)
ORDER BY s.feedback_key, s.since_us, s.status
