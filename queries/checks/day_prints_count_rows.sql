-- name: day_prints_count_rows
-- Grain: one row when the days' prints do not stand for as many tester-days or sessions as there are.
-- Reads: fct_day_print, fct_tester_day, fct_session
-- Parameters: -
WITH told AS (
    SELECT coalesce(sum(tester_days), 0) AS tester_days, coalesce(sum(sessions), 0) AS sessions FROM fct_day_print
), held AS (
    SELECT
        (SELECT count(*) FROM fct_tester_day) AS tester_days,
        (SELECT count(*) FROM fct_session) AS sessions
)
SELECT t.tester_days AS told_days, h.tester_days AS days, t.sessions AS told_sessions, h.sessions
FROM told AS t
CROSS JOIN held AS h
WHERE t.tester_days <> h.tester_days OR t.sessions <> h.sessions
