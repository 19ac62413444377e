-- name: event
-- Grain: one row per accepted event of a known user before as_of; in no order, the publish step sorts.
-- Reads: fold_event
-- Parameters: -
SELECT
  e.tester_key,
  e.event_id,
  e.ts_us,
  e.day_n,
  e.feature_id,
  e.route,
  e.method,
  e.status,
  e.duration_ms,
  e.component,
  e.error_type,
  e.platform,
  e.properties
FROM fold_event AS e
