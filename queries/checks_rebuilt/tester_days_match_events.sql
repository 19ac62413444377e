-- name: tester_days_match_events
-- Grain: one row per day on which tester-days and events do not agree on how many events and active ones whom had.
-- Reads: fct_tester_day, fct_event, dim_event
-- Parameters: -
-- Each tester has a random weight, the hash of their number: a day's weighted counts are the same where every tester's count
-- is, and differ where one does. Grouping all events by tester and day took longer than all other checks together.
WITH told AS (
    SELECT
        day_n, sum(events) AS events, sum(active_events) AS active_events,
        sum(CAST(hash(tester_key) AS HUGEINT) * events) AS weighted,
        sum(CAST(hash(tester_key) AS HUGEINT) * active_events) AS active_weighted
    FROM fct_tester_day
    GROUP BY day_n
), seen AS (
    SELECT
        v.day_n, count(*) AS events, sum(CASE WHEN n.is_active THEN 1 ELSE 0 END) AS active_events,
        sum(CAST(hash(v.tester_key) AS HUGEINT)) AS weighted,
        sum(CASE WHEN n.is_active THEN CAST(hash(v.tester_key) AS HUGEINT) ELSE 0 END) AS active_weighted
    FROM fct_event AS v
    INNER JOIN dim_event AS n ON n.event_id = v.event_id
    GROUP BY v.day_n
)
SELECT coalesce(d.day_n, e.day_n) AS day_n, d.events AS by_day, e.events, d.active_events AS active_by_day, e.active_events
FROM told AS d
FULL OUTER JOIN seen AS e ON e.day_n = d.day_n
WHERE d.events IS DISTINCT FROM e.events OR d.active_events IS DISTINCT FROM e.active_events
    OR d.weighted IS DISTINCT FROM e.weighted OR d.active_weighted IS DISTINCT FROM e.active_weighted
LIMIT 20
