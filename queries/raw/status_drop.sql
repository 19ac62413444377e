-- name: raw/status_drop
-- Grain: one row removed per status that the batch has seen earlier
-- Reads: raw_feedback_status, status_batch
-- Parameters: $source
DELETE FROM raw_feedback_status AS s
USING status_batch AS b
WHERE s.source = $source AND s.feedback_key = b.feedback_key AND s.status = b.status AND b.since_us < s.since_us
