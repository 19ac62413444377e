-- name: raw/vanish_invitation
-- Grain: one row removed per invitation that a full listing no longer holds
-- Reads: raw_invitation, keys (registered)
-- Parameters: $source
DELETE FROM raw_invitation
WHERE source = $source AND invitation_key NOT IN (SELECT invitation_key FROM keys)
