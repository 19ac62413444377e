-- name: user_ids
-- Grain: one row per user id found anywhere in the raw store.
-- Reads: raw_tester, raw_event, raw_invitation, raw_feedback, raw_flag
-- Parameters: -
SELECT user_id FROM raw_tester
UNION
SELECT user_id FROM raw_event WHERE user_id IS NOT NULL
UNION
SELECT accepted_by FROM raw_invitation WHERE accepted_by IS NOT NULL
UNION
SELECT user_id FROM raw_feedback WHERE user_id IS NOT NULL
UNION
SELECT user_id FROM raw_flag WHERE user_id <> '*'
ORDER BY user_id
