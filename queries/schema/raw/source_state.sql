-- name: source_state
-- Grain: one row per source item; replaced by every refresh.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS source_state (
    source VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,             -- postgres | jsonl | prometheus | openmetrics
    watermark VARCHAR,                 -- JSON, private to the source
    last_attempt_us BIGINT,
    last_success_us BIGINT,
    covers_from_us BIGINT,             -- what the source has told us about: [from, to)
    covers_to_us BIGINT,
    error VARCHAR,                     -- of the last attempt, NULL when it succeeded
    warnings VARCHAR                   -- JSON list of sentences
)
