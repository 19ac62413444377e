-- name: raw/vanish_tester
-- Grain: one row changed per tester that a full listing no longer holds
-- Reads: raw_tester, keys (registered)
-- Parameters: $source, $load_id
UPDATE raw_tester
SET gone = TRUE, load_id = $load_id
WHERE source = $source AND NOT gone AND user_id NOT IN (SELECT user_id FROM keys)
