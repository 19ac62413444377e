-- name: raw/status_batch
-- Grain: one row per feedback item and status of the batch, with the earliest sight
-- Reads: incoming (registered)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE status_batch AS
SELECT feedback_key, status, min(coalesce(updated_us, created_us)) AS since_us
FROM incoming
WHERE status IS NOT NULL AND coalesce(updated_us, created_us) IS NOT NULL
GROUP BY feedback_key, status
