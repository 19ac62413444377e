-- name: control
-- Grain: one row: what the engine itself counted, to compare with what landed.
-- Reads: fold_event, fold_name
-- Parameters: -
SELECT
  CAST(COUNT(*) AS BIGINT) AS events,
  CAST(COALESCE(SUM(n.is_active), 0) AS BIGINT) AS active_events,
  CAST(COALESCE(SUM(e.ts_us % 1000003), 0) AS BIGINT) AS time_sum,
  CAST(COALESCE(SUM(e.tester_key % 1000003), 0) AS BIGINT) AS tester_sum
FROM fold_event AS e
INNER JOIN fold_name AS n
  ON n.event_id = e.event_id
