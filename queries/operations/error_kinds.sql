-- name: operations/error_kinds
-- Grain: one row per kind (type, component) of error and local day, from the error counter of the application.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
SELECT
    coalesce(json_extract_string(s.labels, '$.type'), 'unknown') AS error_type,
    coalesce(json_extract_string(s.labels, '$.component'), 'unknown') AS component,
    f.day_n,
    sum(f.increase) AS errors
FROM dim_series AS s
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE list_contains($metrics, s.metric)
GROUP BY json_extract_string(s.labels, '$.type'), json_extract_string(s.labels, '$.component'), f.day_n
ORDER BY errors DESC, error_type, component, f.day_n
