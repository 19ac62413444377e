-- name: raw/drop_feedback
-- Grain: one row removed per key given
-- Reads: raw_feedback, keys (registered)
-- Parameters: $source
DELETE FROM raw_feedback
WHERE source = $source AND feedback_key IN (SELECT feedback_key FROM keys)
