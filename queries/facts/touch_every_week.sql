-- name: touch_every_week
-- Grain: one row per programme week.
-- Reads: dim_day
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_touched_week AS
SELECT DISTINCT week FROM dim_day WHERE week IS NOT NULL
