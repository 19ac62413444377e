-- name: raw/drop_tester
-- Grain: one row removed per key given
-- Reads: raw_tester, keys (registered)
-- Parameters: $source
DELETE FROM raw_tester
WHERE source = $source AND user_id IN (SELECT user_id FROM keys)
