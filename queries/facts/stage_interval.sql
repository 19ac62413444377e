-- name: stage_interval
-- Grain: one row per series to build: the (lower) median distance of its samples.
-- Reads: stage_sample
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_interval AS
SELECT series_id, quantile_disc(ts_ms - before_ms, 0.5) AS interval_ms
FROM stage_sample
WHERE before_ms IS NOT NULL
GROUP BY series_id
