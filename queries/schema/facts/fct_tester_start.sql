-- name: fct_tester_start
-- Grain: one row per tester with an event: when events and visits of theirs began, and the platform that most of them name.
-- Reads: -
-- Parameters: -
-- Follows from fct_tester_day, fct_session and fct_tester_platform; kept, so that a refresh need not read all of them.
CREATE TABLE fct_tester_start (
    tester_key INTEGER NOT NULL,
    first_us BIGINT NOT NULL,
    first_active_us BIGINT,            -- every active event lies in a session
    first_active_day_n INTEGER,
    platform VARCHAR
)
