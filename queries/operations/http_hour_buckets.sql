-- name: operations/http_hour_buckets
-- Grain: one row per UTC hour and bucket bound over all routes: increase of the cumulative bucket.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales, $from_us, $to_us (bases, each in its own hours)
WITH chosen AS (
    SELECT unnest($metrics) AS base, unnest($scales) AS scale, unnest($from_us) AS from_us, unnest($to_us) AS to_us
)
SELECT f.hour_us, c.base, round(s.le * c.scale, 12) AS bound, sum(f.increase) AS increase
FROM dim_series AS s
INNER JOIN chosen AS c ON s.metric = c.base || '_bucket'
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id AND f.hour_us >= c.from_us AND f.hour_us < c.to_us
WHERE s.le IS NOT NULL
GROUP BY f.hour_us, c.base, round(s.le * c.scale, 12)
ORDER BY f.hour_us, bound
