-- name: sources/postgres/beta_invitations
-- Grain: one row per invitation
-- invitation_code is never read. The address leaves the server only as HMAC-SHA256 with a key of the installation.
-- Reads: beta_invitations
-- Parameters: settings beta.inner_pad, beta.outer_pad
SELECT
    id::text AS id,
    inviter_did::text AS inviter_did,
    encode(
        sha256(
            decode(current_setting('beta.outer_pad'), 'hex')
            || sha256(decode(current_setting('beta.inner_pad'), 'hex') || convert_to(lower(btrim(invitee_email)), 'UTF8'))
        ),
        'hex'
    ) AS invitee_hash,
    status::text AS status,
    accepted_by_did::text AS accepted_by_did,
    metadata ->> 'wave' AS wave,
    created_at::text AS created_at,
    accepted_at::text AS accepted_at,
    expires_at::text AS expires_at
FROM beta_invitations
ORDER BY id
