-- name: measures/gauge_share
-- Grain: one row per period ($by: week or day) with samples of both gauges. numerator = used, denominator = limit, summed
-- over hours and instances that have both; n = distinct hours; peak = highest hour. A limit of 0 means no limit: left out.
-- $free: the first gauge is what is left, not what is used. Series of one instance (states, databases) are added up.
-- Reads: dim_day, dim_week, dim_series, fct_gauge_hour
-- Parameters: $by, $metrics, $limit_metrics, $free
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
gauges AS (
    SELECT
        g.day_n, g.hour_us, s.source, coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance,
        list_contains($limit_metrics, s.metric) AS is_limit,
        sum(g.value_sum) AS value_sum, CAST(max(g.samples) AS DOUBLE) AS samples
    FROM fct_gauge_hour g
    INNER JOIN dim_series s ON s.series_id = g.series_id
    WHERE list_contains($metrics, s.metric) OR list_contains($limit_metrics, s.metric)
    GROUP BY g.day_n, g.hour_us, s.source, s.job, s.instance, list_contains($limit_metrics, s.metric)
),
hours AS (
    SELECT
        a.day_n, a.hour_us,
        CASE WHEN $free THEN b.value_sum / nullif(b.samples, 0) - a.value_sum / nullif(a.samples, 0)
             ELSE a.value_sum / nullif(a.samples, 0) END AS used,
        b.value_sum / nullif(b.samples, 0) AS available
    FROM gauges a
    INNER JOIN gauges b
        ON b.hour_us = a.hour_us AND b.day_n = a.day_n AND b.source = a.source AND b.job = a.job
        AND b.instance = a.instance AND b.is_limit
    WHERE NOT a.is_limit AND b.value_sum > 0
)
SELECT
    p.period, sum(h.used) AS numerator, sum(h.available) AS denominator,
    count(DISTINCT h.hour_us) AS n, max(h.used / nullif(h.available, 0)) AS peak
FROM period_days p
INNER JOIN hours h ON h.day_n = p.day_n
GROUP BY p.period
ORDER BY p.period
