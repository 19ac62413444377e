-- name: operations/http_hour_buckets
-- Grain: one row per UTC hour and bucket bound over all routes: increase of the cumulative bucket.
-- A bound that was not scraped as often as +Inf, or that grew over a gap that +Inf has not, is left out.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales, $from_us, $to_us (bases, each in its own hours)
WITH chosen AS (
    SELECT unnest($metrics) AS base, unnest($scales) AS scale, unnest($from_us) AS from_us, unnest($to_us) AS to_us
),
bucket_sums AS (
    SELECT
        f.hour_us, c.base, round(s.le * c.scale, 12) AS bound,
        sum(f.increase) AS increase, sum(f.samples) AS samples, sum(f.gap_increase) AS gap
    FROM dim_series AS s
    INNER JOIN chosen AS c ON s.metric = c.base || '_bucket'
    INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id AND f.hour_us >= c.from_us AND f.hour_us < c.to_us
    WHERE s.le IS NOT NULL
    GROUP BY f.hour_us, c.base, round(s.le * c.scale, 12)
),
whole_sums AS (
    SELECT hour_us, base, samples, gap FROM bucket_sums WHERE isinf(bound)
)
SELECT b.hour_us, b.base, b.bound, b.increase
FROM bucket_sums AS b
LEFT JOIN whole_sums AS w ON w.hour_us = b.hour_us AND w.base = b.base
WHERE w.samples IS NULL OR (b.samples >= w.samples AND b.gap <= w.gap * (1 + 1e-9))
ORDER BY b.hour_us, b.bound
