-- name: event
-- Grain: one row per accepted event of a known user before as_of, sorted.
-- Reads: fold_event
-- Parameters: -
SELECT
    e.tester_key, e.event_id, e.ts_us, e.day_n, e.feature_id, e.route, e.method, e.status, e.duration_ms,
    e.component, e.error_type, e.platform, e.properties
FROM fold_event AS e
ORDER BY e.event_id, e.tester_key, e.ts_us
