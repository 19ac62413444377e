-- name: touch_new_series
-- Grain: series with samples loaded since the previous snapshot or dated after its as_of, or of another type now.
-- Reads: raw_sample, raw_series, previous.dim_series
-- Parameters: $previous_load, $previous_as_of_us
CREATE OR REPLACE TEMP TABLE stage_touched_series AS
SELECT DISTINCT series_id FROM raw_sample WHERE load_id > $previous_load OR ts_ms * 1000 >= $previous_as_of_us
UNION
SELECT s.series_id
FROM raw_series AS s
LEFT JOIN previous.dim_series AS d ON d.series_id = s.series_id
WHERE d.type IS DISTINCT FROM s.type
