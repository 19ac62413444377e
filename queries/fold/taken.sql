-- name: taken
-- Grain: one row per figure that must add up over what was taken from a landing.
-- Reads: folded_event, folded_tester_day, folded_run, folded_long_event
-- Parameters: -
SELECT 'rows of event' AS what, count(*) AS figure FROM folded_event
UNION ALL
SELECT 'times of event', CAST(coalesce(sum(ts_us % 1000003), 0) AS BIGINT) FROM folded_event
UNION ALL
SELECT 'testers of event', CAST(coalesce(sum(tester_key % 1000003), 0) AS BIGINT) FROM folded_event
UNION ALL
SELECT 'events of tester_day', CAST(coalesce(sum(events), 0) AS BIGINT) FROM folded_tester_day
UNION ALL
SELECT 'active events of tester_day', CAST(coalesce(sum(active_events), 0) AS BIGINT) FROM folded_tester_day
UNION ALL
SELECT 'events of run', CAST(coalesce(sum(events), 0) AS BIGINT) FROM folded_run
UNION ALL
SELECT 'keys of tester_day that are there twice', count(*) - count(DISTINCT (tester_key, day_n)) FROM folded_tester_day
UNION ALL
SELECT 'keys of run that are there twice', count(*) - count(DISTINCT (tester_key, start_us)) FROM folded_run
UNION ALL
SELECT 'long runs without their events', count(*)
FROM (
    SELECT l.tester_key, l.run_us, count(*) AS events
    FROM folded_long_event AS l
    GROUP BY l.tester_key, l.run_us
) AS long_run
LEFT JOIN folded_run AS r ON r.tester_key = long_run.tester_key AND r.start_us = long_run.run_us
WHERE r.events IS NULL OR r.events <> long_run.events
