-- name: fct_feedback
-- Grain: one row per feedback item.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_feedback (
    feedback_key VARCHAR NOT NULL,
    tester_key INTEGER,                -- NULL = unknown user
    type VARCHAR,
    title VARCHAR,
    description VARCHAR,
    priority VARCHAR,
    rating INTEGER,
    status VARCHAR,
    created_us BIGINT NOT NULL,
    day_n INTEGER NOT NULL,
    started_us BIGINT,                 -- first seen beyond 'new'
    resolved_us BIGINT                 -- first seen resolved or closed; NULL = open at as_of
)
