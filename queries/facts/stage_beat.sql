-- name: stage_beat
-- Grain: one row per scrape target and instant at which it was seen alive.
-- Reads: fct_beat, stage_target_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_beat AS
SELECT t.source, t.job, t.item, b.ts_ms
FROM fct_beat AS b
INNER JOIN stage_target_series AS t ON t.series_id = b.target_id
