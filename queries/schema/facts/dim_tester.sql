-- name: dim_tester
-- Grain: one row per tester after identity merges; excluded accounts are kept, flagged.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_tester (
    tester_key INTEGER NOT NULL,
    tester_id VARCHAR NOT NULL,        -- keyed pseudonym, never the source's id
    on_roster BOOLEAN NOT NULL,        -- FALSE = orphan: seen in events only; left out of rates
    excluded_reason VARCHAR,           -- NULL = counts; else staff | test | bot | opted_out
    wave VARCHAR NOT NULL,             -- '1', '2', ... or 'unknown'
    platform VARCHAR NOT NULL,         -- ios | android | web | unknown
    status VARCHAR,
    invited_us BIGINT,
    accepted_us BIGINT,                -- joined_at, else accepted_at of the invitation
    first_active_us BIGINT,            -- first event of the active list, ever
    first_active_day_n INTEGER,
    activated_us BIGINT                -- first activation event at or after acceptance
)
