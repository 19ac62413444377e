-- name: known_ids
-- Grain: one row per id the raw store has for anybody.
-- Reads: tester_key, raw_tester, event_log, raw_feedback, raw_invitation, raw_flag, raw_identity
-- Parameters: -
SELECT user_id FROM raw_tester
UNION
SELECT user_id FROM event_log WHERE user_id IS NOT NULL
UNION
SELECT user_id FROM raw_feedback WHERE user_id IS NOT NULL
UNION
SELECT accepted_by FROM raw_invitation WHERE accepted_by IS NOT NULL
UNION
SELECT inviter_id FROM raw_invitation WHERE inviter_id IS NOT NULL
UNION
SELECT user_id FROM raw_flag WHERE user_id <> '*'
UNION
SELECT alias FROM raw_identity
UNION
SELECT canonical FROM raw_identity
ORDER BY user_id
