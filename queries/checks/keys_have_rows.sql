-- name: keys_have_rows
-- Grain: one row per fact whose tester, series or day has no row of its own. Every tester with events has a start.
-- Reads: fct_tester_start, fct_feedback, fct_invitation, fct_flag, fct_counter_hour, fct_gauge_hour, fct_reset, dim_tester, dim_series, dim_day
-- Parameters: -
SELECT 'fct_tester_start' AS place, f.tester_key AS key
FROM fct_tester_start AS f
ANTI JOIN dim_tester AS t ON t.tester_key = f.tester_key
UNION ALL
SELECT 'fct_feedback', tester_key FROM fct_feedback WHERE tester_key NOT IN (SELECT tester_key FROM dim_tester)
UNION ALL
SELECT 'fct_invitation', tester_key FROM fct_invitation WHERE tester_key NOT IN (SELECT tester_key FROM dim_tester)
UNION ALL
SELECT 'fct_flag', tester_key FROM fct_flag WHERE tester_key <> 0 AND tester_key NOT IN (SELECT tester_key FROM dim_tester)
UNION ALL
SELECT 'fct_counter_hour', series_id FROM fct_counter_hour WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_gauge_hour', series_id FROM fct_gauge_hour WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_reset', series_id FROM fct_reset WHERE series_id NOT IN (SELECT series_id FROM dim_series)
UNION ALL
SELECT 'fct_counter_hour, day', day_n FROM fct_counter_hour WHERE day_n NOT IN (SELECT day_n FROM dim_day)
LIMIT 20
