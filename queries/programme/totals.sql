-- name: programme/totals
-- Grain: one row: testers on the roster, those of all people left out, invitations, merged ids (NULL = not recorded).
-- Reads: dim_tester, fct_invitation, meta
-- Parameters: -
SELECT
    (SELECT count(tester_key) FROM dim_tester WHERE on_roster) AS testers,
    (SELECT count(tester_key) FROM dim_tester WHERE excluded_reason IS NOT NULL) AS excluded,
    (SELECT count(invitation_key) FROM fct_invitation) AS invitations,
    (SELECT CAST(max(value) AS BIGINT) FROM meta WHERE key = 'merged_ids') AS merged_ids
