-- name: touch_all_series
-- Grain: every series is to be built.
-- Reads: raw_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_touched_series AS
SELECT series_id FROM raw_series
