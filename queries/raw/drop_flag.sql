-- name: raw/drop_flag
-- Grain: one row removed per key given
-- Reads: raw_flag, keys (registered)
-- Parameters: $source
DELETE FROM raw_flag
WHERE source = $source AND (user_id, feature) IN (SELECT user_id, feature FROM keys)
