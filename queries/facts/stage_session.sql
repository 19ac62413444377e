-- name: stage_session
-- Grain: one row per session made anew: a run, cut where it would outlast the cap counted from its start.
-- Reads: stage_merged_run, stage_near_event, fold_name
-- Parameters: $cap_us
CREATE OR REPLACE TEMP TABLE stage_session AS
WITH RECURSIVE long_event AS (
    SELECT r.tester_key, r.start_us AS run_us, e.ts_us, e.day_n
    FROM stage_merged_run AS r
    INNER JOIN stage_near_event AS e ON e.tester_key = r.tester_key AND e.ts_us BETWEEN r.start_us AND r.end_us
    INNER JOIN fold_name AS n ON n.event_id = e.event_id
    WHERE r.end_us - r.start_us > $cap_us AND n.is_active = 1
), beginning AS (
    SELECT tester_key, run_us, run_us AS start_us FROM long_event GROUP BY tester_key, run_us
    UNION ALL
    SELECT b.tester_key, b.run_us, min(e.ts_us) AS start_us
    FROM beginning AS b
    INNER JOIN long_event AS e ON e.tester_key = b.tester_key AND e.run_us = b.run_us AND e.ts_us - b.start_us > $cap_us
    GROUP BY b.tester_key, b.run_us
), piece AS (
    SELECT tester_key, run_us, start_us, lead(start_us) OVER (PARTITION BY tester_key, run_us ORDER BY start_us) AS next_us
    FROM beginning
)
SELECT tester_key, start_us, end_us, day_n, events, CAST(NULL AS BIGINT) AS run_us FROM stage_merged_run WHERE end_us - start_us <= $cap_us
UNION ALL
SELECT p.tester_key, p.start_us, max(e.ts_us), min(e.day_n), count(*), p.run_us
FROM piece AS p
INNER JOIN long_event AS e
    ON e.tester_key = p.tester_key AND e.run_us = p.run_us
    AND e.ts_us >= p.start_us AND (p.next_us IS NULL OR e.ts_us < p.next_us)
GROUP BY p.tester_key, p.run_us, p.start_us
