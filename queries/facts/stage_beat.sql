-- name: stage_beat
-- Grain: one row per scrape target and instant at which it was seen alive: `up` = 1, or any sample where there is no `up`.
-- Reads: raw_sample, dim_series
-- Parameters: $as_of_us
CREATE OR REPLACE TEMP TABLE stage_beat AS
WITH target AS (
    SELECT
        series_id, source, coalesce(job, '') || '/' || coalesce(instance, '') AS item, coalesce(job, '') AS job, metric = 'up' AS is_up,
        bool_or(metric = 'up') OVER (PARTITION BY source, job, instance) AS has_up
    FROM dim_series
)
SELECT DISTINCT t.source, t.job, t.item, s.ts_ms
FROM raw_sample AS s
INNER JOIN target AS t ON t.series_id = s.series_id
WHERE s.ts_ms * 1000 < $as_of_us AND t.is_up = t.has_up AND (NOT t.has_up OR s.value > 0)
