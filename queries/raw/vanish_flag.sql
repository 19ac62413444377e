-- name: raw/vanish_flag
-- Grain: one row removed per flag that a full listing no longer holds: the feature is off for that tester
-- Reads: raw_flag, keys (registered)
-- Parameters: $source
DELETE FROM raw_flag
WHERE source = $source AND (user_id, feature) NOT IN (SELECT user_id, feature FROM keys)
