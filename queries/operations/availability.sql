-- name: operations/availability
-- Grain: one row per scrape target and local day: samples of `up` and how many said 1.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: -
SELECT
    coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance, g.day_n,
    CAST(sum(g.samples) AS BIGINT) AS samples, sum(g.value_sum) AS up, any_value(s.interval_ms) AS interval_ms
FROM dim_series AS s
INNER JOIN fct_gauge_hour AS g ON g.series_id = s.series_id
WHERE s.metric = 'up'
GROUP BY coalesce(s.job, ''), coalesce(s.instance, ''), g.day_n
ORDER BY job, instance, g.day_n
