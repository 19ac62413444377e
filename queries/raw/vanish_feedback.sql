-- name: raw/vanish_feedback
-- Grain: one row removed per feedback item that a full listing no longer holds
-- Reads: raw_feedback, keys (registered)
-- Parameters: $source
DELETE FROM raw_feedback
WHERE source = $source AND feedback_key NOT IN (SELECT feedback_key FROM keys)
