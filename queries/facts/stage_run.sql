-- name: stage_run
-- Grain: one row per run of active events with no pause longer than the idle limit.
-- Reads: stage_event, dim_event
-- Parameters: $idle_us
CREATE OR REPLACE TEMP TABLE stage_run AS
WITH active AS (
    SELECT e.tester_key, e.ts_us, e.day_n, lag(e.ts_us, 1, e.ts_us) OVER (PARTITION BY e.tester_key ORDER BY e.ts_us) AS before_us
    FROM stage_event AS e
    INNER JOIN dim_event AS n ON n.event_id = e.event_id
    WHERE n.is_active
), numbered AS (
    SELECT
        tester_key, ts_us, day_n,
        sum(CASE WHEN ts_us - before_us > $idle_us THEN 1 ELSE 0 END)
            OVER (PARTITION BY tester_key ORDER BY ts_us ROWS UNBOUNDED PRECEDING) AS run_n
    FROM active
)
SELECT tester_key, min(ts_us) AS start_us, max(ts_us) AS end_us, min(day_n) AS day_n, count(*) AS events
FROM numbered
GROUP BY tester_key, run_n
