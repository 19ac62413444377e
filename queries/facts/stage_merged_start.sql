-- name: stage_merged_start
-- Grain: one row per tester with events in this piece: what was known and what is new, the earlier of both.
-- Reads: stage_tester_day, stage_session, stage_merged_platform, fct_tester_platform, fct_tester_start
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_merged_start AS
WITH event_day AS (
    SELECT tester_key, min(first_us) AS first_us FROM stage_tester_day GROUP BY tester_key
), visit AS (
    SELECT tester_key, min(start_us) AS first_us, min(day_n) AS first_day_n FROM stage_session GROUP BY tester_key
), named AS (
    SELECT p.tester_key, first(p.platform ORDER BY p.events DESC, p.platform) AS platform
    FROM fct_tester_platform AS p
    SEMI JOIN stage_merged_platform AS m ON m.tester_key = p.tester_key
    GROUP BY p.tester_key
)
SELECT
    d.tester_key, least(d.first_us, o.first_us) AS first_us, least(v.first_us, o.first_active_us) AS first_active_us,
    least(v.first_day_n, o.first_active_day_n) AS first_active_day_n, coalesce(n.platform, o.platform) AS platform
FROM event_day AS d
LEFT JOIN visit AS v ON v.tester_key = d.tester_key
LEFT JOIN named AS n ON n.tester_key = d.tester_key
LEFT JOIN fct_tester_start AS o ON o.tester_key = d.tester_key
