-- name: stage_merged_run
-- Grain: one row per run made anew: new runs and old sessions of a tester, chained where no pause between them exceeds the limit.
-- Inside each of them no pause does, so that no event has to be read again. Between new runs of a tester a longer one lies:
-- only old sessions can join them.
-- Reads: stage_run, stage_old_session
-- Parameters: $idle_us
CREATE OR REPLACE TEMP TABLE stage_merged_run AS
WITH known AS (
    SELECT DISTINCT tester_key FROM stage_old_session
), link AS (
    SELECT r.tester_key, r.start_us, r.end_us, r.day_n, r.events
    FROM stage_run AS r
    SEMI JOIN known AS k ON k.tester_key = r.tester_key
    UNION ALL
    SELECT tester_key, start_us, end_us, day_n, events FROM stage_old_session
), reached AS (
    SELECT
        tester_key, start_us, end_us, day_n, events,
        max(end_us) OVER (
            PARTITION BY tester_key ORDER BY start_us, end_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach_us
    FROM link
), numbered AS (
    SELECT
        tester_key, start_us, end_us, day_n, events,
        sum(CASE WHEN start_us - reach_us <= $idle_us THEN 0 ELSE 1 END)
            OVER (PARTITION BY tester_key ORDER BY start_us, end_us ROWS UNBOUNDED PRECEDING) AS run_n
    FROM reached
)
SELECT
    tester_key, min(start_us) AS start_us, max(end_us) AS end_us, min(day_n) AS day_n, CAST(sum(events) AS BIGINT) AS events
FROM numbered
GROUP BY tester_key, run_n
UNION ALL
SELECT r.tester_key, r.start_us, r.end_us, r.day_n, r.events
FROM stage_run AS r
ANTI JOIN known AS k ON k.tester_key = r.tester_key
