-- name: erase/8_inviter
-- Grain: others' invitations stay without their inviter.
-- Reads: raw_invitation
-- Parameters: $ids
UPDATE raw_invitation SET inviter_id = NULL
WHERE list_contains($ids::VARCHAR[], inviter_id)
