-- name: operations/restarts
-- Grain: one row per scrape target and minute in which counters of it went back to zero.
-- Reads: dim_series, fct_reset
-- Parameters: -
SELECT
    coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance,
    min(r.ts_ms) AS ts_ms, count(DISTINCT r.series_id) AS series
FROM fct_reset AS r
INNER JOIN dim_series AS s ON s.series_id = r.series_id
GROUP BY coalesce(s.job, ''), coalesce(s.instance, ''), r.ts_ms // 60000
ORDER BY ts_ms, job, instance
