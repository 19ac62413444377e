-- name: operations/load_hours
-- Grain: one row per UTC hour in which a tester was active: distinct active testers.
-- Reads: fct_session, fct_event, dim_event, dim_tester
-- Parameters: -
-- A session begins and ends with an active event, so that events are read only of those that reach over a whole hour.
WITH visit AS (
    SELECT
        s.tester_key, s.start_us, s.end_us,
        s.start_us - s.start_us % 3600000000 AS first_hour_us, s.end_us - s.end_us % 3600000000 AS last_hour_us
    FROM fct_session AS s
    INNER JOIN dim_tester AS t ON t.tester_key = s.tester_key
    WHERE t.excluded_reason IS NULL
), active AS (
    SELECT v.tester_key, v.first_hour_us AS hour_us FROM visit AS v
    UNION ALL
    SELECT v.tester_key, v.last_hour_us FROM visit AS v WHERE v.last_hour_us > v.first_hour_us
    UNION ALL
    SELECT v.tester_key, e.ts_us - e.ts_us % 3600000000
    FROM visit AS v
    INNER JOIN fct_event AS e ON e.tester_key = v.tester_key AND e.ts_us BETWEEN v.start_us AND v.end_us
    INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.is_active
    WHERE v.last_hour_us > v.first_hour_us + 3600000000
)
SELECT a.hour_us, count(DISTINCT a.tester_key) AS testers
FROM active AS a
GROUP BY a.hour_us
ORDER BY a.hour_us
