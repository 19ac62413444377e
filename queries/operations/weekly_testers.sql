-- name: operations/weekly_testers
-- Grain: one row per programme week: distinct active testers, excluded ones left out.
-- Reads: dim_week, dim_tester, fct_tester_day
-- Parameters: -
SELECT w.week, count(DISTINCT f.tester_key) AS testers
FROM dim_week AS w
INNER JOIN fct_tester_day AS f ON f.day_n >= w.start_day_n AND f.day_n < w.end_day_n
INNER JOIN dim_tester AS t ON t.tester_key = f.tester_key
WHERE f.active_events > 0 AND t.on_roster AND t.excluded_reason IS NULL
GROUP BY w.week
ORDER BY w.week
