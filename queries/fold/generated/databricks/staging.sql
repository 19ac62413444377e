-- name: staging
-- Grain: one row per accepted event of a known user before as_of; the view fold_event that the fold reads.
-- Reads: raw_event, fold_person, fold_name, fold_feature, fold_quarter
-- Parameters: $as_of_us
SELECT
  r.source,
  p.tester_key,
  n.event_id,
  r.ts_us,
  q.day_n,
  f.feature_id,
  r.route,
  r.method,
  r.status,
  r.duration_ms,
  r.component,
  r.error_type,
  r.platform,
  r.properties
FROM raw_event AS r
INNER JOIN fold_person AS p
  ON p.user_id = r.user_id
INNER JOIN fold_name AS n
  ON n.event = r.event
INNER JOIN fold_quarter AS q
  ON q.quarter_n * 900000000 = r.ts_us - r.ts_us % 900000000
LEFT JOIN fold_feature AS f
  ON f.feature = r.feature
WHERE
  r.ts_us < $as_of_us
