-- name: raw/stored_tester
-- Grain: one row per tester of the source whose key is in the batch
-- Reads: raw_tester, keys (registered)
-- Parameters: $source
SELECT user_id, status, wave, platform, invited_by, metadata, joined_us, last_active_us, gone
FROM raw_tester
WHERE source = $source AND user_id IN (SELECT user_id FROM keys)
