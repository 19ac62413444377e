-- name: new_tester_days
-- Grain: one row per tester-day written just now that is there twice or not at all, or lacks its tester or day, or holds events
-- outside of its day. A full build looks at all of them (checks_rebuilt).
-- Reads: stage_moved_day, fct_tester_day, dim_tester, dim_day
-- Parameters: -
SELECT m.tester_key, m.day_n, count(v.tester_key) AS records, min(v.first_us) AS first_us, max(v.last_us) AS last_us
FROM stage_moved_day AS m
LEFT JOIN fct_tester_day AS v ON v.tester_key = m.tester_key AND v.day_n = m.day_n
LEFT JOIN dim_tester AS t ON t.tester_key = m.tester_key
LEFT JOIN dim_day AS d ON d.day_n = m.day_n AND v.first_us >= d.start_us AND v.last_us < d.end_us
GROUP BY m.tester_key, m.day_n
HAVING count(v.tester_key) <> 1 OR count(t.tester_key) <> 1 OR count(d.day_n) <> 1
LIMIT 20
