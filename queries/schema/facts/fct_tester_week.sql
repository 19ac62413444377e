-- name: fct_tester_week
-- Grain: one row per tester and programme week in whose days that are over they were active.
-- Reads: -
-- Parameters: -
-- Follows from fct_tester_day and dim_day; kept, because half of the KPIs would add up the same days again.
CREATE TABLE fct_tester_week (
    week INTEGER NOT NULL,
    tester_key INTEGER NOT NULL,
    active_days INTEGER NOT NULL,
    sessions INTEGER NOT NULL,         -- that start in the week
    feature_mask BIGINT NOT NULL,
    errors BIGINT NOT NULL,            -- failed requests and app errors
    last_day_n INTEGER NOT NULL        -- the last day with an event
)
