-- name: held/flags
-- Grain: one row of raw_flag that is about the person, or names the person.
-- Reads: raw_flag
-- Parameters: $ids
SELECT
    source, user_id, feature, enabled, since_us
FROM raw_flag
WHERE list_contains($ids::VARCHAR[], user_id)
ORDER BY feature, user_id
