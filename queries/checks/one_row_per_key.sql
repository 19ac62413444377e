-- name: one_row_per_key
-- Grain: one row per key that a dimension or fact holds twice; of testers see changed_testers.
-- Reads: dim_event, dim_day, dim_series, fct_counter_hour, fct_gauge_hour, fct_flag
-- Parameters: -
SELECT 'dim_event' AS place, event AS key FROM dim_event GROUP BY event HAVING count(*) > 1
UNION ALL
SELECT 'dim_day', CAST(day_n AS VARCHAR) FROM dim_day GROUP BY day_n HAVING count(*) > 1
UNION ALL
SELECT 'dim_series', CAST(series_id AS VARCHAR) FROM dim_series GROUP BY series_id HAVING count(*) > 1
UNION ALL
SELECT 'fct_counter_hour', series_id || ' ' || hour_us || ' ' || day_n
FROM fct_counter_hour GROUP BY series_id, hour_us, day_n HAVING count(*) > 1
UNION ALL
SELECT 'fct_gauge_hour', series_id || ' ' || hour_us || ' ' || day_n
FROM fct_gauge_hour GROUP BY series_id, hour_us, day_n HAVING count(*) > 1
UNION ALL
SELECT 'fct_flag', tester_key || ' ' || feature_id FROM fct_flag GROUP BY tester_key, feature_id HAVING count(*) > 1
