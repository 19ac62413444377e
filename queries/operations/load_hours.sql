-- name: operations/load_hours
-- Grain: one row per UTC hour in which a tester was active: distinct active testers.
-- Reads: fct_event, dim_event, dim_tester
-- Parameters: -
SELECT e.ts_us - e.ts_us % 3600000000 AS hour_us, count(DISTINCT e.tester_key) AS testers
FROM fct_event AS e
INNER JOIN dim_event AS n ON n.event_id = e.event_id
INNER JOIN dim_tester AS t ON t.tester_key = e.tester_key
WHERE n.is_active AND t.excluded_reason IS NULL
GROUP BY hour_us
ORDER BY hour_us
