-- name: tester_days_match_events
-- Grain: one row per event count that tester-days and events do not agree on.
-- Reads: fct_tester_day, fct_event, dim_event
-- Parameters: -
SELECT coalesce(d.tester_key, e.tester_key) AS tester_key, coalesce(d.day_n, e.day_n) AS day_n, d.events AS by_day, e.events
FROM fct_tester_day AS d
FULL OUTER JOIN (
    SELECT v.tester_key, v.day_n, count(*) AS events, sum(CASE WHEN n.is_active THEN 1 ELSE 0 END) AS active_events
    FROM fct_event AS v
    INNER JOIN dim_event AS n ON n.event_id = v.event_id
    GROUP BY v.tester_key, v.day_n
) AS e ON e.tester_key = d.tester_key AND e.day_n = d.day_n
WHERE d.events IS DISTINCT FROM e.events OR d.active_events IS DISTINCT FROM e.active_events
LIMIT 20
