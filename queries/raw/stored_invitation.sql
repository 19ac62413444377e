-- name: raw/stored_invitation
-- Grain: one row per invitation of the source whose key is in the batch
-- Reads: raw_invitation, keys (registered)
-- Parameters: $source
SELECT invitation_key, inviter_id, invitee_hash, status, accepted_by, wave, created_us, accepted_us, expires_us
FROM raw_invitation
WHERE source = $source AND invitation_key IN (SELECT invitation_key FROM keys)
