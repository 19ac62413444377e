-- name: raw/drop_invitation
-- Grain: one row removed per key given
-- Reads: raw_invitation, keys (registered)
-- Parameters: $source
DELETE FROM raw_invitation
WHERE source = $source AND invitation_key IN (SELECT invitation_key FROM keys)
