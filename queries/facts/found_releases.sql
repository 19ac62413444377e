-- name: found_releases
-- Grain: one row per version that a build_info series of the product began to report after others had been seen.
-- Reads: raw_sample, dim_series, dim_release
-- Parameters: $as_of_us
INSERT INTO dim_release
WITH version AS (
    SELECT
        d.metric, d.job,
        coalesce(d.labels ->> '$.version', d.labels ->> '$.app_version', d.labels ->> '$.revision', d.labels ->> '$.commit') AS name,
        min(s.ts_ms) AS at_ms
    FROM dim_series AS d
    INNER JOIN raw_sample AS s ON s.series_id = d.series_id AND s.ts_ms * 1000 < $as_of_us
    WHERE ends_with(d.metric, 'build_info')
        AND coalesce(d.labels ->> '$.version', d.labels ->> '$.app_version', d.labels ->> '$.revision', d.labels ->> '$.commit') IS NOT NULL
        AND NOT regexp_matches(d.metric, '^(prometheus|node|nginx|postgres|redis|go|grafana|alertmanager|blackbox)_')
    GROUP BY d.metric, d.job, name
), placed AS (
    SELECT name, at_ms, row_number() OVER (PARTITION BY metric, job ORDER BY at_ms, name) AS place FROM version
), found AS (
    SELECT name, min(at_ms) * 1000 AS at_us FROM placed WHERE place > 1 GROUP BY name
)
SELECT f.name, f.at_us, TRUE, 'first seen in build_info'
FROM found AS f
WHERE NOT EXISTS (
    SELECT 1 FROM dim_release AS d WHERE d.name = f.name OR (d.at_us - f.at_us BETWEEN -3600000000 AND 3600000000)
)
ORDER BY f.at_us, f.name
