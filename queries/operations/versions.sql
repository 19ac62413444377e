-- name: operations/versions
-- Grain: one row per version that a build_info series carried, with its first and last hour.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: -
SELECT
    coalesce(s.job, '') AS job, json_extract_string(s.labels, '$.version') AS version,
    min(g.hour_us) AS first_us, max(g.last_ts_ms) * 1000 AS last_us
FROM dim_series AS s
INNER JOIN fct_gauge_hour AS g ON g.series_id = s.series_id
WHERE s.metric LIKE '%build_info' AND json_extract_string(s.labels, '$.version') IS NOT NULL
GROUP BY coalesce(s.job, ''), json_extract_string(s.labels, '$.version')
ORDER BY first_us, job, version
