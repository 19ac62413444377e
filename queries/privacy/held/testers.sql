-- name: held/testers
-- Grain: one row of raw_tester that is about the person, or names the person.
-- Reads: raw_tester
-- Parameters: $ids
SELECT
    source, user_id, status, wave, platform, invited_by, joined_us, last_active_us, metadata, gone
FROM raw_tester
WHERE list_contains($ids::VARCHAR[], user_id)
ORDER BY source, user_id
