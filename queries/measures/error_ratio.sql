-- name: measures/error_ratio
-- Grain: one row per period ($by: week or day) with samples. numerator = increase with a 5xx status, denominator and
-- n = increase of all; each of $metrics counts in its own hours. Sums over sums, reset-aware.
-- resets = restarts: hours in which a counter of an instance fell.
-- Reads: dim_day, dim_week, dim_series, fct_counter_hour
-- Parameters: $by, $metrics, $from_us, $to_us, $has_status
WITH period_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, day_n
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
chosen AS (
    SELECT unnest($metrics) AS metric, unnest($from_us) AS from_us, unnest($to_us) AS to_us
    WHERE $has_status -- a counter without any status tells nothing of failures: no data, not 0
)
SELECT
    p.period,
    sum(CASE WHEN s.status LIKE '5%' THEN c.increase ELSE 0 END) AS numerator,
    sum(c.increase) AS denominator,
    CAST(round(sum(c.increase)) AS BIGINT) AS n,
    count(DISTINCT CASE WHEN c.resets > 0 THEN concat_ws('|', s.job, s.instance, c.hour_us) END) AS resets,
    sum(c.gap_increase) AS gap_increase
FROM period_days p
INNER JOIN fct_counter_hour c ON c.day_n = p.day_n
INNER JOIN dim_series s ON s.series_id = c.series_id
INNER JOIN chosen n ON n.metric = s.metric AND c.hour_us >= n.from_us AND c.hour_us < n.to_us
GROUP BY p.period
ORDER BY p.period
