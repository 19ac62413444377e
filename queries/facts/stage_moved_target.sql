-- name: stage_moved_target
-- Grain: one row per scrape target that other series tell of than in the previous snapshot, or that has another number.
-- Reads: stage_target_series, previous.dim_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_moved_target AS
WITH named AS (
    SELECT
        series_id, source, coalesce(job, '') AS job, coalesce(job, '') || '/' || coalesce(instance, '') AS item,
        (metric = 'up') = bool_or(metric = 'up') OVER (PARTITION BY source, job, instance) AS tells
    FROM previous.dim_series
), before AS (
    SELECT series_id, tells, min(series_id) OVER (PARTITION BY source, job, item) AS target_id FROM named
)
SELECT DISTINCT t.target_id
FROM stage_target_series AS t
INNER JOIN before AS b ON b.series_id = t.series_id
WHERE b.tells <> t.tells OR b.target_id <> t.target_id
