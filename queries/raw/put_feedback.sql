-- name: raw/put_feedback
-- Grain: one row added per row given
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_feedback (
    source, feedback_key, user_id, type, title, description, priority, status, created_us,
    updated_us, rating, load_id
)
SELECT
    $source, feedback_key, user_id, type, title, description, priority, status, created_us,
    updated_us, rating, $load_id
FROM incoming
