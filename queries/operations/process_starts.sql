-- name: operations/process_starts
-- Grain: one row per scrape target and start of its process, from process_start_time_seconds: a change of its value within
-- a series is a restart. Start times of one process jitter by a second when they are derived from uptime.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: -
WITH starts AS (
    SELECT
        coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance, g.hour_us, g.last_value,
        lag(g.last_value) OVER (PARTITION BY coalesce(s.job, ''), coalesce(s.instance, '') ORDER BY g.hour_us, g.last_ts_ms) AS before
    FROM dim_series AS s
    INNER JOIN fct_gauge_hour AS g ON g.series_id = s.series_id
    WHERE s.metric = 'process_start_time_seconds' AND g.last_value > 0
)
SELECT job, instance, CAST(round(last_value * 1000000) AS BIGINT) AS at_us
FROM starts
WHERE before IS NOT NULL AND last_value - before > 5
ORDER BY at_us, job, instance
