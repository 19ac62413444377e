-- name: held/invitations
-- Grain: one row of raw_invitation that is about the person, or names the person.
-- Reads: raw_invitation
-- Parameters: $ids
SELECT
    source, invitation_key, inviter_id, invitee_hash, status, accepted_by, wave, created_us, accepted_us, expires_us
FROM raw_invitation
WHERE list_contains($ids::VARCHAR[], accepted_by) OR list_contains($ids::VARCHAR[], inviter_id)
ORDER BY created_us, invitation_key
