-- name: fct_invitation
-- Grain: one row per invitation created before as_of.
-- Reads: raw_invitation, stage_person, dim_tester, stage_wave
-- Parameters: $as_of_us
INSERT INTO fct_invitation
SELECT
    i.invitation_key, d.tester_key,
    coalesce(i.wave, (SELECT max_by(w.wave, w.since_us) FROM stage_wave AS w WHERE w.since_us <= i.created_us), 'unknown'),
    i.status, i.created_us, CASE WHEN i.accepted_us < $as_of_us THEN i.accepted_us END, i.expires_us
FROM raw_invitation AS i
LEFT JOIN stage_person AS p ON p.user_id = i.accepted_by
LEFT JOIN dim_tester AS d ON d.tester_key = p.tester_key
WHERE i.created_us IS NULL OR i.created_us < $as_of_us
ORDER BY i.invitation_key
