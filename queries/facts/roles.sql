-- name: roles
-- Grain: one row per roster id that names itself staff, test, bot or opted out in its metadata.
-- Reads: raw_tester
-- Parameters: -
SELECT t.user_id, min(lower(json_extract_string(t.metadata, '$.role'))) AS reason
FROM raw_tester AS t
WHERE lower(json_extract_string(t.metadata, '$.role')) IN ('staff', 'test', 'bot', 'opted_out')
GROUP BY t.user_id
ORDER BY t.user_id
