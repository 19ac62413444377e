-- name: operations/http_hour_buckets
-- Grain: one row per UTC hour and bucket bound over all routes: increase of the cumulative bucket.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales
WITH chosen AS (
    SELECT b.base, b.scale
    FROM (SELECT unnest($metrics) AS base, unnest($scales) AS scale, generate_subscripts($metrics, 1) AS n) AS b
    WHERE EXISTS (SELECT 1 FROM dim_series AS s WHERE s.metric = b.base || '_bucket')
    ORDER BY b.n
    LIMIT 1
)
SELECT f.hour_us, s.le * c.scale AS bound, sum(f.increase) AS increase
FROM dim_series AS s
INNER JOIN chosen AS c ON s.metric = c.base || '_bucket'
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE s.le IS NOT NULL
GROUP BY f.hour_us, s.le * c.scale
ORDER BY f.hour_us, bound
