-- name: operations/route_buckets
-- Grain: one row per route, period and bucket bound: increase of the cumulative bucket, and the part of it
-- that was answered with a 5xx, where the histogram tells (has_status). Periods are half-open ranges of
-- local days given as $starts and $ends; a row's `period` is the place of its range in those lists, from 1.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales, $starts, $ends
WITH chosen AS (
    SELECT b.base, b.scale
    FROM (SELECT unnest($metrics) AS base, unnest($scales) AS scale, generate_subscripts($metrics, 1) AS n) AS b
    WHERE EXISTS (SELECT 1 FROM dim_series AS s WHERE s.metric = b.base || '_bucket')
    ORDER BY b.n
    LIMIT 1
),
periods AS (
    SELECT unnest($starts) AS start_day, unnest($ends) AS end_day, generate_subscripts($starts, 1) AS period
),
bucket_series AS (
    SELECT s.series_id, coalesce(s.route, 'all') AS route, s.le * c.scale AS bound, s.status
    FROM dim_series AS s
    INNER JOIN chosen AS c ON s.metric = c.base || '_bucket'
    WHERE s.le IS NOT NULL
)
SELECT
    b.route, p.period, b.bound, sum(f.increase) AS increase,
    sum(CASE WHEN b.status LIKE '5%' THEN f.increase ELSE 0 END) AS failed, bool_or(b.status IS NOT NULL) AS has_status
FROM bucket_series AS b
INNER JOIN fct_counter_hour AS f ON f.series_id = b.series_id
INNER JOIN periods AS p ON f.day_n >= p.start_day AND f.day_n < p.end_day
GROUP BY b.route, p.period, b.bound
ORDER BY b.route, p.period, b.bound
