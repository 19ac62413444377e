-- name: fct_session
-- Grain: one row per session (active events; 30 min idle, 24 h cap, no split at midnight).
-- Reads: -
-- Parameters: -
CREATE TABLE fct_session (
    tester_key INTEGER NOT NULL,
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,            -- time of the last event
    day_n INTEGER NOT NULL,            -- local day of the start
    events INTEGER NOT NULL,
    run_us BIGINT                      -- start of the run that this is a piece of; NULL = not cut by the cap
)
