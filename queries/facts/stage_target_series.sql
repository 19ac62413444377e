-- name: stage_target_series
-- Grain: one row per series: the scrape target it belongs to, by the lowest number of its series, and whether its samples say
-- that the target is alive (tells): `up`, or any series where there is no `up`.
-- Reads: dim_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_target_series AS
WITH named AS (
    SELECT
        series_id, source, coalesce(job, '') AS job, coalesce(job, '') || '/' || coalesce(instance, '') AS item, metric = 'up' AS is_up,
        bool_or(metric = 'up') OVER (PARTITION BY source, job, instance) AS has_up
    FROM dim_series
)
SELECT series_id, min(series_id) OVER (PARTITION BY source, job, item) AS target_id, source, job, item, is_up, is_up = has_up AS tells
FROM named
