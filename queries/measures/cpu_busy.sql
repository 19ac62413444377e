-- name: measures/cpu_busy
-- Grain: one row per period ($by: week or day) with samples. numerator = CPU seconds not idle, denominator = all CPU
-- seconds, n = distinct hours.
-- resets = restarts: hours in which a counter of an instance fell.
-- Reads: dim_day, dim_week, dim_series, fct_counter_hour
-- Parameters: $by, $metrics
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
hours AS (
    SELECT
        p.period, c.hour_us,
        sum(CASE WHEN json_extract_string(s.labels, '$.mode') = 'idle' THEN 0 ELSE c.increase END) AS busy,
        sum(c.increase) AS total,
        count(DISTINCT CASE WHEN c.resets > 0 THEN concat_ws('|', s.job, s.instance, c.hour_us) END) AS resets
    FROM period_days p
    INNER JOIN fct_counter_hour c ON c.day_n = p.day_n
    INNER JOIN dim_series s ON s.series_id = c.series_id
    WHERE list_contains($metrics, s.metric)
    GROUP BY p.period, c.hour_us
)
SELECT
    period, sum(busy) AS numerator, sum(total) AS denominator, count(hour_us) AS n,
    max(busy / nullif(total, 0)) AS peak, CAST(sum(resets) AS BIGINT) AS resets
FROM hours
GROUP BY period
ORDER BY period
