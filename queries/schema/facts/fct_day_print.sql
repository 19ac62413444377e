-- name: fct_day_print
-- Grain: one row per local day with tester-days or sessions: how many, and the sums of their hashes, by names and values.
-- Reads: -
-- Parameters: -
-- Follows from fct_tester_day and fct_session; kept, so that a refresh hashes nothing but the days it touches.
CREATE TABLE fct_day_print (
    day_n INTEGER NOT NULL,
    tester_days BIGINT NOT NULL,
    tester_day_print HUGEINT NOT NULL,
    sessions BIGINT NOT NULL,          -- that start on the day
    session_print HUGEINT NOT NULL
)
