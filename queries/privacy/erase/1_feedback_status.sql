-- name: erase/1_feedback_status
-- Grain: statuses of the person's feedback go.
-- Reads: raw_feedback_status, raw_feedback
-- Parameters: $ids
DELETE FROM raw_feedback_status
WHERE (source, feedback_key) IN (SELECT (source, feedback_key) FROM raw_feedback WHERE list_contains($ids::VARCHAR[], user_id))
