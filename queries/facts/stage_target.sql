-- name: stage_target
-- Grain: one row per scrape target: its interval, first and last sign of life, and those of its job.
-- Reads: stage_beat
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_target AS
WITH distance AS (
    SELECT source, job, item, ts_ms, ts_ms - lag(ts_ms) OVER (PARTITION BY source, item ORDER BY ts_ms) AS apart_ms
    FROM stage_beat
), target AS (
    SELECT source, job, item, quantile_disc(apart_ms, 0.5) AS interval_ms, min(ts_ms) AS first_ms, max(ts_ms) AS last_ms
    FROM distance
    GROUP BY source, job, item
)
SELECT
    source, item, interval_ms, first_ms, last_ms,
    min(first_ms) OVER (PARTITION BY source, job) AS job_first_ms, max(last_ms) OVER (PARTITION BY source, job) AS job_last_ms
FROM target
