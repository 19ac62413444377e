-- name: fct_load
-- Grain: one row per source item: its whole history of loads summed, with its present state.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_load (
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    target VARCHAR,
    last_attempt_us BIGINT,
    last_success_us BIGINT,
    covers_from_us BIGINT,
    covers_to_us BIGINT,
    read BIGINT, accepted BIGINT, duplicates BIGINT, conflicting BIGINT, quarantined BIGINT, blank BIGINT,
    late BIGINT,                       -- accepted rows older than the lateness allowance when loaded
    error VARCHAR,
    warnings VARCHAR                   -- JSON list
)
