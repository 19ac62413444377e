-- name: fct_invitation
-- Grain: one row per invitation.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_invitation (
    invitation_key VARCHAR NOT NULL,
    tester_key INTEGER,                -- who accepted
    wave VARCHAR NOT NULL,
    status VARCHAR,
    created_us BIGINT,
    accepted_us BIGINT,
    expires_us BIGINT
)
