-- name: tester_days_add_up
-- Grain: one row when tester-days do not count every event exactly once.
-- Reads: fct_tester_day, fct_event_part
-- Parameters: -
SELECT d.events AS by_day, p.records AS events
FROM (SELECT coalesce(sum(events), 0) AS events FROM fct_tester_day) AS d
CROSS JOIN (SELECT coalesce(sum(records), 0) AS records FROM fct_event_part) AS p
WHERE d.events <> p.records
