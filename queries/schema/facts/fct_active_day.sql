-- name: fct_active_day
-- Grain: one row per local day with active testers and standing of these: on the roster or not, excluded or not.
-- Reads: -
-- Parameters: -
-- Follows from fct_tester_day and dim_tester; kept, because a KPI by day would else count every tester-day again.
CREATE TABLE fct_active_day (
    day_n INTEGER NOT NULL,
    on_roster BOOLEAN NOT NULL,
    is_excluded BOOLEAN NOT NULL,
    testers BIGINT NOT NULL,
    error_free_testers BIGINT NOT NULL, -- without a failed request or app error on the day
    sessions BIGINT NOT NULL,           -- that start on the day
    session_squares BIGINT NOT NULL     -- sum of squares of a tester's sessions
)
