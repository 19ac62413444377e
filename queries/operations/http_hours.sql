-- name: operations/http_hours
-- Grain: one row per UTC hour (and local day) with samples: requests and those with a 5xx status.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
WITH chosen AS (
    SELECT s.metric
    FROM dim_series AS s
    WHERE list_contains($metrics, s.metric)
    ORDER BY list_position($metrics, s.metric)
    LIMIT 1
)
SELECT
    f.hour_us,
    f.day_n,
    sum(f.increase) AS requests,
    sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
GROUP BY f.hour_us, f.day_n
ORDER BY f.hour_us, f.day_n
