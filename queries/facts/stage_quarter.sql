-- name: stage_quarter
-- Grain: one row per quarter of an hour (UTC) of the calendar; a local day begins on one in every zone since 1972.
-- Reads: dim_day
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_quarter AS
SELECT unnest(range(d.start_us // 900000000, d.end_us // 900000000)) AS quarter_n, d.day_n
FROM dim_day AS d
