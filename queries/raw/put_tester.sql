-- name: raw/put_tester
-- Grain: one row added per row given
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_tester (
    source, user_id, status, wave, platform, invited_by, metadata, joined_us, last_active_us, gone,
    load_id
)
SELECT
    $source, user_id, status, wave, platform, invited_by, metadata, joined_us, last_active_us, gone,
    $load_id
FROM incoming
