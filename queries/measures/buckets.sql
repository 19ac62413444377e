-- name: measures/buckets
-- Grain: one row per period ($by: week or day), metric and bucket bound: the increase of the cumulative bucket, summed over
-- series; each of $metrics counts in its own hours.
-- A bound that was not scraped as often as +Inf, or that grew over a gap that +Inf has not, is left out: it would count
-- what it has not seen as slower than it was.
-- resets = restarts: hours in which a counter of an instance fell.
-- Reads: dim_day, dim_week, dim_series, fct_counter_hour
-- Parameters: $by, $metrics, $from_us, $to_us
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
chosen AS (
    SELECT unnest($metrics) AS metric, unnest($from_us) AS from_us, unnest($to_us) AS to_us
),
bucket_sums AS (
    SELECT
        p.period, s.metric, s.le, sum(c.increase) AS increase, sum(c.samples) AS samples, sum(c.gap_increase) AS gap,
        count(DISTINCT CASE WHEN c.resets > 0 THEN concat_ws('|', s.job, s.instance, c.hour_us) END) AS resets
    FROM period_days p
    INNER JOIN fct_counter_hour c ON c.day_n = p.day_n
    INNER JOIN dim_series s ON s.series_id = c.series_id
    INNER JOIN chosen n ON n.metric = s.metric AND c.hour_us >= n.from_us AND c.hour_us < n.to_us
    WHERE s.le IS NOT NULL
    GROUP BY p.period, s.metric, s.le
),
whole_sums AS (
    SELECT period, metric, samples, gap FROM bucket_sums WHERE isinf(le)
)
SELECT b.period, b.metric, b.le, b.increase, b.resets
FROM bucket_sums b
LEFT JOIN whole_sums w ON w.period = b.period AND w.metric = b.metric
WHERE w.samples IS NULL OR (b.samples >= w.samples AND b.gap <= w.gap * (1 + 1e-9))
ORDER BY b.period, b.le
