-- name: raw/put_identity
-- Grain: one row added per row given
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_identity (source, alias, canonical, load_id)
SELECT $source, alias, canonical, $load_id
FROM incoming
