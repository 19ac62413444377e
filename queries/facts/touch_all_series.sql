-- name: touch_all_series
-- Grain: every series is to be built, from its first sample (from_ms); it is read from since_ms on.
-- Reads: raw_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_touched_series AS
SELECT series_id, CAST(-9000000000000000 AS BIGINT) AS from_ms, CAST(-9000000000000000 AS BIGINT) AS since_ms, CAST(NULL AS BIGINT) AS old_interval_ms
FROM raw_series
