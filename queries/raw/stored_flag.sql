-- name: raw/stored_flag
-- Grain: one row per flag of the source whose key is in the batch
-- Reads: raw_flag, keys (registered)
-- Parameters: $source
SELECT user_id, feature, since_us, enabled
FROM raw_flag
WHERE source = $source AND (user_id, feature) IN (SELECT user_id, feature FROM keys)
