-- name: tester_day_has_dimensions
-- Grain: one row per tester-day without its tester or day, or with events outside of that day.
-- Reads: fct_tester_day, dim_tester, dim_day
-- Parameters: -
SELECT v.tester_key, v.day_n, v.first_us, v.last_us
FROM fct_tester_day AS v
LEFT JOIN dim_tester AS t ON t.tester_key = v.tester_key
LEFT JOIN dim_day AS d ON d.day_n = v.day_n AND v.first_us >= d.start_us AND v.last_us < d.end_us
WHERE t.tester_key IS NULL OR d.day_n IS NULL
LIMIT 20
