-- name: raw/status_put
-- Grain: one row added per feedback item and status that is not stored
-- Reads: status_batch, raw_feedback_status
-- Parameters: $source, $load_id
INSERT INTO raw_feedback_status (source, feedback_key, status, since_us, load_id)
SELECT $source, b.feedback_key, b.status, b.since_us, $load_id
FROM status_batch AS b
ANTI JOIN (
    SELECT feedback_key, status FROM raw_feedback_status WHERE source = $source
) AS s ON s.feedback_key = b.feedback_key AND s.status = b.status
ORDER BY b.since_us, b.feedback_key, b.status
