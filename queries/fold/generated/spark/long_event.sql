-- name: long_event
-- Grain: one row per active event of a run that lasts longer than the cap.
-- Reads: fold_event, fold_name
-- Parameters: $idle_us, $cap_us
WITH active AS (
  SELECT
    e.tester_key,
    e.ts_us,
    e.day_n,
    LAG(e.ts_us, 1, e.ts_us) OVER (PARTITION BY e.tester_key ORDER BY e.ts_us NULLS LAST) AS before_us
  FROM fold_event AS e
  INNER JOIN fold_name AS n
    ON n.event_id = e.event_id
  WHERE
    n.is_active = 1
), numbered AS (
  SELECT
    a.tester_key,
    a.ts_us,
    a.day_n,
    SUM(CASE WHEN a.ts_us - a.before_us > $idle_us THEN 1 ELSE 0 END) OVER (
      PARTITION BY a.tester_key
      ORDER BY a.ts_us NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS run_n
  FROM active AS a
), spanned AS (
  SELECT
    r.tester_key,
    r.ts_us,
    r.day_n,
    MIN(r.ts_us) OVER (PARTITION BY r.tester_key, r.run_n) AS run_us,
    MAX(r.ts_us) OVER (PARTITION BY r.tester_key, r.run_n) AS end_us
  FROM numbered AS r
)
SELECT
  s.tester_key,
  s.run_us,
  s.ts_us,
  s.day_n
FROM spanned AS s
WHERE
  s.end_us - s.run_us > $cap_us
