-- name: raw/stored_feedback
-- Grain: one row per feedback of the source whose key is in the batch
-- Reads: raw_feedback, keys (registered)
-- Parameters: $source
SELECT feedback_key, user_id, type, title, description, priority, status, created_us, updated_us, rating
FROM raw_feedback
WHERE source = $source AND feedback_key IN (SELECT feedback_key FROM keys)
