-- name: operations/gauge_hours
-- Grain: one row per instance and UTC hour of the gauges in $metrics: mean summed over the instance's series, and the highest
-- sample.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: $metrics
WITH series_hours AS (
    SELECT
        coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance, s.series_id, g.hour_us, g.day_n,
        sum(g.value_sum) / nullif(sum(g.samples), 0) AS mean_value, max(g.value_max) AS value_max
    FROM dim_series AS s
    INNER JOIN fct_gauge_hour AS g ON g.series_id = s.series_id
    WHERE list_contains($metrics, s.metric)
    GROUP BY coalesce(s.job, ''), coalesce(s.instance, ''), s.series_id, g.hour_us, g.day_n
)
SELECT job, instance, hour_us, day_n, sum(mean_value) AS value, sum(value_max) AS value_max
FROM series_hours
GROUP BY job, instance, hour_us, day_n
ORDER BY job, instance, hour_us
