-- name: operations/component_hours
-- Grain: one row per component and UTC hour: increase of the application's error counters.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
SELECT
    coalesce(json_extract_string(s.labels, '$.component'), 'unknown') AS component,
    f.hour_us,
    sum(f.increase) AS errors
FROM dim_series AS s
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE list_contains($metrics, s.metric)
GROUP BY coalesce(json_extract_string(s.labels, '$.component'), 'unknown'), f.hour_us
ORDER BY component, f.hour_us
