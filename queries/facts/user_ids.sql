-- name: user_ids
-- Grain: one row per user id of the raw store that is not known yet; all of them where none is.
-- Reads: raw_tester, event_log, raw_invitation, raw_feedback, raw_flag, known_user
-- Parameters: $known_load
SELECT i.user_id
FROM (
    SELECT user_id FROM raw_tester
    UNION
    SELECT user_id FROM event_log WHERE load_id > $known_load AND user_id IS NOT NULL
    UNION
    SELECT accepted_by FROM raw_invitation WHERE accepted_by IS NOT NULL
    UNION
    SELECT user_id FROM raw_feedback WHERE user_id IS NOT NULL
    UNION
    SELECT user_id FROM raw_flag WHERE user_id <> '*'
) AS i
WHERE NOT EXISTS (SELECT k.user_id FROM known_user AS k WHERE k.user_id = i.user_id)
ORDER BY i.user_id
