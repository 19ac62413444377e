-- name: stage_interval
-- Grain: one row per series with two samples: the (lower) median distance of its samples.
-- Reads: fct_step
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_interval AS
WITH ranked AS (
    SELECT
        series_id, apart_ms, sum(steps) OVER (PARTITION BY series_id ORDER BY apart_ms) AS upto, sum(steps) OVER (PARTITION BY series_id) AS total
    FROM fct_step
)
SELECT series_id, min(apart_ms) AS interval_ms
FROM ranked
WHERE 2 * upto >= total
GROUP BY series_id
