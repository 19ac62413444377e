-- name: raw_invitation
-- Grain: one row per invitation, as last seen. No code, no address.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS raw_invitation (
    source VARCHAR NOT NULL,
    invitation_key VARCHAR NOT NULL,
    inviter_id VARCHAR,
    invitee_hash VARCHAR,              -- keyed hash of the address
    status VARCHAR,                    -- pending | accepted | expired | revoked
    accepted_by VARCHAR,
    wave VARCHAR,
    created_us BIGINT,
    accepted_us BIGINT,
    expires_us BIGINT,
    load_id INTEGER NOT NULL
)
