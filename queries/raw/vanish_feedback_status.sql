-- name: raw/vanish_feedback_status
-- Grain: one row removed per status of a feedback item that a full listing no longer holds
-- Reads: raw_feedback_status, keys (registered)
-- Parameters: $source
DELETE FROM raw_feedback_status
WHERE source = $source AND feedback_key NOT IN (SELECT feedback_key FROM keys)
