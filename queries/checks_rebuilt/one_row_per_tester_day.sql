-- name: one_row_per_tester_day
-- Grain: one row per tester and day that is there twice.
-- Reads: fct_tester_day
-- Parameters: -
SELECT tester_key, day_n FROM fct_tester_day GROUP BY tester_key, day_n HAVING count(*) > 1
LIMIT 20
