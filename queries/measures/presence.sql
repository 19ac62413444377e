-- name: measures/presence
-- Grain: one row: whether each kind of fact has any row at all. Without any, a count is "no data", not 0.
-- Reads: fct_tester_day, fct_feedback, fct_invitation, dim_tester
-- Parameters: -
SELECT
    EXISTS (SELECT tester_key FROM fct_tester_day) AS events,
    EXISTS (SELECT feedback_key FROM fct_feedback) AS feedback,
    EXISTS (SELECT invitation_key FROM fct_invitation) AS invitations,
    EXISTS (SELECT tester_key FROM dim_tester WHERE on_roster) AS testers
