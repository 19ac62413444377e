-- name: operations/counter_hours
-- Grain: one row per instance, UTC hour and mode label of the counters in $metrics: increase and hours' samples.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
SELECT
    coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance, f.hour_us, f.day_n,
    coalesce(json_extract_string(s.labels, '$.mode'), '') AS mode,
    sum(f.increase) AS increase, sum(f.gap_increase) AS gap_increase
FROM dim_series AS s
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE list_contains($metrics, s.metric)
GROUP BY coalesce(s.job, ''), coalesce(s.instance, ''), f.hour_us, f.day_n, json_extract_string(s.labels, '$.mode')
ORDER BY job, instance, f.hour_us, mode
