-- name: held/feedback
-- Grain: one row of raw_feedback that is about the person, or names the person.
-- Reads: raw_feedback
-- Parameters: $ids
SELECT
    source, feedback_key, user_id, type, title, description, priority, rating, status, created_us, updated_us
FROM raw_feedback
WHERE list_contains($ids::VARCHAR[], user_id)
ORDER BY created_us, feedback_key
