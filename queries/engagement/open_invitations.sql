-- name: open_invitations
-- Grain: one row per invitation that nobody has accepted by the instant asked for.
-- Reads: fct_invitation
-- Parameters: $wave, $until_us
SELECT invitation_key, wave,
       CASE WHEN status = 'revoked' THEN 'revoked' WHEN expires_us < $until_us THEN 'expired' ELSE 'pending' END AS state
FROM fct_invitation
WHERE created_us < $until_us AND (accepted_us IS NULL OR accepted_us >= $until_us) AND tester_key IS NULL
  AND ($wave::VARCHAR IS NULL OR wave = $wave)
ORDER BY wave, state, invitation_key
