-- name: run
-- Grain: one row per run: active events of a tester with no pause longer than the idle limit.
-- Reads: fold_event, fold_name
-- Parameters: $idle_us
WITH active AS (
  SELECT
    e.tester_key,
    e.ts_us,
    e.day_n,
    LAG(e.ts_us, 1, e.ts_us) OVER (PARTITION BY e.tester_key ORDER BY e.ts_us) AS before_us
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
      ORDER BY a.ts_us
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS run_n
  FROM active AS a
)
SELECT
  r.tester_key,
  MIN(r.ts_us) AS start_us,
  MAX(r.ts_us) AS end_us,
  MIN(r.day_n) AS day_n,
  CAST(COUNT(*) AS BIGINT) AS events
FROM numbered AS r
GROUP BY
  r.tester_key,
  r.run_n
