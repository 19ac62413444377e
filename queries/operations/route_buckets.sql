-- name: operations/route_buckets
-- Grain: one row per route, period and bucket bound: increase of the cumulative bucket, and the part of it
-- that was answered with a 5xx, where the histogram tells (has_status). Periods are half-open ranges of
-- local days given as $starts and $ends; a row's `period` is the place of its range in those lists, from 1.
-- Of a route's names with other bounds in one period only the bounds they share are given. A bound that was not scraped
-- as often as the route's +Inf, or that grew over a gap that +Inf has not, is left out.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales, $from_us, $to_us (bases, each in its own hours), $starts, $ends
WITH chosen AS (
    SELECT unnest($metrics) AS base, unnest($scales) AS scale, unnest($from_us) AS from_us, unnest($to_us) AS to_us
),
periods AS (
    SELECT unnest($starts) AS start_day, unnest($ends) AS end_day, generate_subscripts($starts, 1) AS period
),
bucket_series AS (
    SELECT
        s.series_id, coalesce(s.route, 'all') AS route, round(s.le * c.scale, 12) AS bound, s.status,
        c.base, c.from_us, c.to_us
    FROM dim_series AS s
    INNER JOIN chosen AS c ON s.metric = c.base || '_bucket'
    WHERE s.le IS NOT NULL
),
base_sums AS (
    SELECT
        b.route, p.period, b.bound, b.base, sum(f.increase) AS increase,
        sum(f.samples) AS samples, sum(f.gap_increase) AS gap,
        sum(CASE WHEN b.status LIKE '5%' THEN f.increase ELSE 0 END) AS failed,
        bool_or(b.status IS NOT NULL) AS has_status
    FROM bucket_series AS b
    INNER JOIN fct_counter_hour AS f ON f.series_id = b.series_id AND f.hour_us >= b.from_us AND f.hour_us < b.to_us
    INNER JOIN periods AS p ON f.day_n >= p.start_day AND f.day_n < p.end_day
    GROUP BY b.route, p.period, b.bound, b.base
),
whole_sums AS (
    SELECT route, period, base, samples, gap FROM base_sums WHERE isinf(bound)
),
known_sums AS (
    SELECT s.route, s.period, s.bound, s.base, s.increase, s.failed, s.has_status
    FROM base_sums AS s
    LEFT JOIN whole_sums AS w ON w.route = s.route AND w.period = s.period AND w.base = s.base
    WHERE w.samples IS NULL OR (s.samples >= w.samples AND s.gap <= w.gap * (1 + 1e-9))
),
base_counts AS (
    SELECT route, period, count(DISTINCT base) AS bases
    FROM base_sums
    GROUP BY route, period
)
-- a bound that only one of a route's names has would count the other's requests as slower than they were
SELECT
    s.route, s.period, s.bound, sum(s.increase) AS increase, sum(s.failed) AS failed, bool_and(s.has_status) AS has_status
FROM known_sums AS s
INNER JOIN base_counts AS n ON n.route = s.route AND n.period = s.period
GROUP BY s.route, s.period, s.bound
HAVING count(DISTINCT s.base) = any_value(n.bases)
ORDER BY s.route, s.period, s.bound
