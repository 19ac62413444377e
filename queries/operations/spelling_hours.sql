-- name: operations/spelling_hours
-- Grain: one row per metric of $metrics and UTC hour with samples: its growth (of a histogram, in the +Inf bucket), and
-- whether any series of the metric has a status label.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
WITH spelled AS (
    SELECT s.series_id, s.metric, bool_or(s.status IS NOT NULL) OVER (PARTITION BY s.metric) AS has_status, s.le
    FROM dim_series AS s
    WHERE list_contains($metrics, s.metric)
)
SELECT s.metric, f.hour_us, any_value(s.has_status) AS has_status, sum(f.increase) AS increase
FROM spelled AS s
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE s.le IS NULL OR isinf(s.le)
GROUP BY s.metric, f.hour_us
ORDER BY s.metric, f.hour_us
