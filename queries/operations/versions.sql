-- name: operations/versions
-- Grain: one row per job, version that one of the product's build_info series carried, and UTC hour in which it did.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: -
WITH labelled AS (
    SELECT
        s.series_id, coalesce(s.job, '') AS job,
        coalesce(s.labels ->> '$.version', s.labels ->> '$.app_version', s.labels ->> '$.revision', s.labels ->> '$.commit') AS version
    FROM dim_series AS s
    WHERE
        ends_with(s.metric, 'build_info')
        AND NOT regexp_matches(s.metric, '^(prometheus|node|nginx|postgres|redis|go|grafana|alertmanager|blackbox)_')
)
SELECT v.job, v.version, g.hour_us, max(g.last_ts_ms) * 1000 AS last_us
FROM labelled AS v
INNER JOIN fct_gauge_hour AS g ON g.series_id = v.series_id
WHERE v.version IS NOT NULL AND g.last_value <> 0
GROUP BY v.job, v.version, g.hour_us
ORDER BY v.job, g.hour_us, v.version
