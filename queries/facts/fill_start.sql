-- name: fill_start
-- Grain: one row per tester with an event.
-- Reads: fct_tester_day, fct_session, fct_tester_platform
-- Parameters: -
INSERT INTO fct_tester_start
WITH event_day AS (
    SELECT tester_key, min(first_us) AS first_us FROM fct_tester_day GROUP BY tester_key
), visit AS (
    SELECT tester_key, min(start_us) AS first_us, min(day_n) AS first_day_n FROM fct_session GROUP BY tester_key
), named AS (
    SELECT tester_key, first(platform ORDER BY events DESC, platform) AS platform FROM fct_tester_platform GROUP BY tester_key
)
SELECT d.tester_key, d.first_us, v.first_us, v.first_day_n, n.platform
FROM event_day AS d
LEFT JOIN visit AS v ON v.tester_key = d.tester_key
LEFT JOIN named AS n ON n.tester_key = d.tester_key
ORDER BY d.tester_key
