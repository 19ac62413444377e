-- name: dim_series
-- Grain: one row per series with a sample before as_of; the usual labels under one spelling each.
-- Reads: raw_series, fct_counter_hour, fct_gauge_hour, stage_interval, stage_route
-- Parameters: -
INSERT INTO dim_series
WITH labelled AS (
    SELECT
        s.series_id, s.source, s.metric, s.type, s.labels, s.labels ->> '$.job' AS job, s.labels ->> '$.instance' AS instance,
        coalesce(
            s.labels ->> '$.route', s.labels ->> '$.http_route', s.labels ->> '$.handler', s.labels ->> '$.path', s.labels ->> '$.uri'
        ) AS path,
        coalesce(s.labels ->> '$.method', s.labels ->> '$.http_request_method', s.labels ->> '$.http_method') AS method,
        coalesce(
            s.labels ->> '$.status', s.labels ->> '$.code', s.labels ->> '$.status_code', s.labels ->> '$.http_response_status_code',
            s.labels ->> '$.http_status_code'
        ) AS status,
        TRY_CAST(s.labels ->> '$.le' AS DOUBLE) AS le
    FROM raw_series AS s
    WHERE s.series_id IN (SELECT series_id FROM fct_counter_hour UNION ALL SELECT series_id FROM fct_gauge_hour)
)
SELECT
    l.series_id, l.source, l.metric, l.type, l.labels, l.job, l.instance, coalesce(r.template, l.path), l.method, l.status, l.le,
    i.interval_ms
FROM labelled AS l
LEFT JOIN stage_interval AS i ON i.series_id = l.series_id
LEFT JOIN stage_route AS r ON r.route = l.path
ORDER BY l.series_id
