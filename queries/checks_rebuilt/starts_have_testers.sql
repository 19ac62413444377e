-- name: starts_have_testers
-- Grain: one row per tester with events who has no row of their own.
-- Reads: fct_tester_start, dim_tester
-- Parameters: -
SELECT f.tester_key
FROM fct_tester_start AS f
ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key
LIMIT 20
