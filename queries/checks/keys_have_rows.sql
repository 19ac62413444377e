-- name: keys_have_rows
-- Grain: one row per fact whose tester, series or day has no row of its own. Of testers with events those are
-- looked at whose row was written or dropped just now (all of them: checks_rebuilt).
-- Reads: stage_changed_tester, fct_tester_start, fct_feedback, fct_invitation, fct_flag, fct_counter_hour, fct_gauge_hour, fct_reset, dim_tester, dim_series, dim_day
-- Parameters: -
SELECT 'fct_tester_start' AS place, f.tester_key AS key
FROM stage_changed_tester AS c
INNER JOIN fct_tester_start AS f ON f.tester_key = c.tester_key
ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key
UNION ALL
SELECT 'fct_feedback', f.tester_key FROM fct_feedback AS f ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key WHERE f.tester_key IS NOT NULL
UNION ALL
SELECT 'fct_invitation', f.tester_key FROM fct_invitation AS f ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key WHERE f.tester_key IS NOT NULL
UNION ALL
SELECT 'fct_flag', f.tester_key FROM fct_flag AS f ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key WHERE f.tester_key <> 0
UNION ALL
SELECT 'fct_counter_hour', series_id FROM fct_counter_hour WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_gauge_hour', series_id FROM fct_gauge_hour WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_reset', series_id FROM fct_reset WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_counter_hour, day', day_n FROM fct_counter_hour WHERE day_n NOT IN (SELECT day_n FROM dim_day)
LIMIT 20
