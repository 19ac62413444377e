-- name: events_all_kept
-- Grain: one row when the facts hold more or fewer events than the raw store has of known users before as_of.
-- Reads: event_log, fct_event_part
-- Parameters: $as_of_us
SELECT r.records AS raw_events, f.records AS fact_events
FROM (SELECT count(*) AS records FROM event_log WHERE user_id IS NOT NULL AND ts_us < $as_of_us) AS r
CROSS JOIN (SELECT coalesce(sum(records), 0) AS records FROM fct_event_part) AS f
WHERE r.records <> f.records
