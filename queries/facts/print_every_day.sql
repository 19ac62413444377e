-- name: print_every_day
-- Grain: one row per local day with tester-days or sessions.
-- Reads: fct_tester_day, fct_session
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_print_day AS
SELECT day_n FROM fct_tester_day
UNION
SELECT day_n FROM fct_session
