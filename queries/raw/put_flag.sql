-- name: raw/put_flag
-- Grain: one row added per row given
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_flag (source, user_id, feature, since_us, enabled, load_id)
SELECT $source, user_id, feature, since_us, enabled, $load_id
FROM incoming
