-- name: sessions_have_tester_days
-- Grain: one row per session on a touched day whose tester has no tester-day then. A full build touches every day.
-- Reads: stage_print_day, fct_session, fct_tester_day
-- Parameters: -
WITH touched AS (SELECT DISTINCT day_n FROM stage_print_day),
visited AS (SELECT f.tester_key, f.day_n FROM touched AS t INNER JOIN fct_tester_day AS f ON f.day_n = t.day_n)
SELECT s.tester_key, s.day_n, s.start_us
FROM touched AS t
INNER JOIN fct_session AS s ON s.day_n = t.day_n
ANTI JOIN visited AS v ON v.tester_key = s.tester_key AND v.day_n = s.day_n
LIMIT 20
