-- name: measures/counter_ratio
-- Grain: one row per period ($by: week or day) with samples of the whole. numerator = increase of the first of $part that
-- exists, denominator and n = increase of the first of $metrics. Reset-aware sums over sums.
-- resets = restarts: hours in which a counter of an instance fell.
-- Reads: dim_day, dim_week, dim_series, fct_counter_hour
-- Parameters: $by, $part, $metrics
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
parts AS (
    SELECT metric FROM dim_series WHERE list_contains($part, metric) ORDER BY list_position($part, metric) LIMIT 1
),
wholes AS (
    SELECT metric FROM dim_series WHERE list_contains($metrics, metric) ORDER BY list_position($metrics, metric) LIMIT 1
),
increases AS (
    SELECT
        p.period, s.metric = (SELECT metric FROM wholes) AS is_whole,
        sum(c.increase) AS increase, sum(c.gap_increase) AS gap_increase,
        count(DISTINCT CASE WHEN c.resets > 0 THEN concat_ws('|', s.job, s.instance, c.hour_us) END) AS resets
    FROM period_days p
    INNER JOIN fct_counter_hour c ON c.day_n = p.day_n
    INNER JOIN dim_series s ON s.series_id = c.series_id
    WHERE s.metric IN (SELECT metric FROM parts UNION ALL SELECT metric FROM wholes)
    GROUP BY p.period, s.metric
)
SELECT
    period,
    sum(CASE WHEN is_whole THEN 0 ELSE increase END) AS numerator,
    sum(CASE WHEN is_whole THEN increase END) AS denominator,
    CAST(round(sum(CASE WHEN is_whole THEN increase ELSE 0 END)) AS BIGINT) AS n,
    CAST(sum(CASE WHEN is_whole THEN resets ELSE 0 END) AS BIGINT) AS resets,
    sum(CASE WHEN is_whole THEN gap_increase ELSE 0 END) AS gap_increase
FROM increases
GROUP BY period
HAVING sum(CASE WHEN is_whole THEN 1 ELSE 0 END) > 0
ORDER BY period
