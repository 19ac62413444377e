-- name: raw/put_invitation
-- Grain: one row added per row given
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_invitation (
    source, invitation_key, inviter_id, invitee_hash, status, accepted_by, wave, created_us,
    accepted_us, expires_us, load_id
)
SELECT
    $source, invitation_key, inviter_id, invitee_hash, status, accepted_by, wave, created_us,
    accepted_us, expires_us, $load_id
FROM incoming
