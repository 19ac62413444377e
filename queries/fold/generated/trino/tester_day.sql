-- name: tester_day
-- Grain: one row per tester and local day with at least one event.
-- Reads: fold_event, fold_name, fold_feature
-- Parameters: $slow_us
SELECT
  e.tester_key,
  e.day_n,
  CAST(COUNT(*) AS BIGINT) AS events,
  CAST(SUM(n.is_active) AS BIGINT) AS active_events,
  CAST(BITWISE_OR_AGG(COALESCE(f.feature_bit, 0)) AS BIGINT) AS feature_mask,
  MIN(e.ts_us) AS first_us,
  MAX(e.ts_us) AS last_us,
  MIN(CASE WHEN n.is_active = 1 THEN e.ts_us END) AS first_active_us,
  CAST(SUM(n.is_request) AS BIGINT) AS requests,
  CAST(SUM(CASE WHEN n.is_request = 1 AND e.status >= 500 THEN 1 ELSE 0 END) AS BIGINT) AS failed_requests,
  CAST(SUM(CASE WHEN n.is_request = 1 AND e.duration_ms * 1000 > $slow_us THEN 1 ELSE 0 END) AS BIGINT) AS slow_requests,
  CAST(SUM(
    CASE
      WHEN n.is_request = 1 AND e.duration_ms >= 0 AND e.duration_ms < 1000000000000
      THEN CAST(FLOOR(e.duration_ms * 1000 + 0.5) AS BIGINT)
      ELSE 0
    END
  ) AS BIGINT) AS request_us,
  CAST(SUM(n.is_error) AS BIGINT) AS app_errors
FROM fold_event AS e
INNER JOIN fold_name AS n
  ON n.event_id = e.event_id
LEFT JOIN fold_feature AS f
  ON f.feature_id = e.feature_id
GROUP BY
  e.tester_key,
  e.day_n
