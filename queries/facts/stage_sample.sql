-- name: stage_sample
-- Grain: one row per sample before as_of of the series to build, with the stored sample before it.
-- Reads: raw_sample, stage_touched_series, stage_quarter
-- Parameters: $as_of_us
CREATE OR REPLACE TEMP TABLE stage_sample AS
SELECT
    s.series_id, s.ts_ms, s.value, q.day_n,
    lag(s.ts_ms) OVER (PARTITION BY s.series_id ORDER BY s.ts_ms) AS before_ms,
    lag(s.value) OVER (PARTITION BY s.series_id ORDER BY s.ts_ms) AS before_value
FROM raw_sample AS s
INNER JOIN stage_touched_series AS t ON t.series_id = s.series_id
INNER JOIN stage_quarter AS q ON q.quarter_n = s.ts_ms // 900000
WHERE s.ts_ms * 1000 < $as_of_us
