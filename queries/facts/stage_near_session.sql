-- name: stage_near_session
-- Grain: one row per known session that an event of this piece could lengthen or join to another.
-- Reads: stage_run, fct_session
-- Parameters: $idle_us
CREATE OR REPLACE TEMP TABLE stage_near_session AS
WITH span AS (
    SELECT tester_key, min(start_us) AS from_us, max(end_us) AS to_us FROM stage_run GROUP BY tester_key
)
SELECT s.tester_key, s.start_us, s.end_us, s.day_n, s.events, s.run_us
FROM fct_session AS s
INNER JOIN span AS n ON n.tester_key = s.tester_key AND s.end_us >= n.from_us - $idle_us AND s.start_us <= n.to_us + $idle_us
