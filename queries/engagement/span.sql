-- name: engagement/span
-- Grain: one row: first and last local day with an event of anybody.
-- Reads: fct_tester_day
-- Parameters: -
SELECT min(day_n) AS first_day_n, max(day_n) AS last_day_n FROM fct_tester_day
