-- name: operations/weekly_testers
-- Grain: one row per programme week: distinct active testers, excluded ones left out, of the day that is not over too.
-- Reads: dim_week, dim_day, dim_tester, fct_tester_week, fct_tester_day
-- Parameters: -
WITH testers AS (SELECT tester_key FROM dim_tester WHERE on_roster AND excluded_reason IS NULL),
active AS (
    SELECT week, tester_key FROM fct_tester_week
    UNION ALL
    SELECT DISTINCT d.week, f.tester_key
    FROM dim_day AS d
    INNER JOIN fct_tester_day AS f ON f.day_n = d.day_n
    ANTI JOIN fct_tester_week AS k ON k.week = d.week AND k.tester_key = f.tester_key
    WHERE NOT d.is_over AND f.active_events > 0
)
SELECT w.week, count(a.tester_key) AS testers
FROM dim_week AS w
INNER JOIN active AS a ON a.week = w.week
INNER JOIN testers AS t ON t.tester_key = a.tester_key
GROUP BY w.week
ORDER BY w.week
