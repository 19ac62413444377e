-- name: fct_tester_day
-- Grain: one row per tester and local day with at least one event. Additive columns only.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_tester_day (
    tester_key INTEGER NOT NULL,
    day_n INTEGER NOT NULL,
    events INTEGER NOT NULL,
    active_events INTEGER NOT NULL,    -- of the active list; active day = active_events > 0
    feature_mask BIGINT NOT NULL,      -- bit_or of dim_feature.feature_bit
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL,
    sessions INTEGER NOT NULL,         -- sessions that START on this day
    session_seconds DOUBLE NOT NULL,   -- of those sessions
    requests INTEGER NOT NULL,         -- api_call events
    failed_requests INTEGER NOT NULL,  -- status >= 500
    slow_requests INTEGER NOT NULL,    -- duration over the settings' slow bound
    request_ms DOUBLE NOT NULL,
    app_errors INTEGER NOT NULL
)
