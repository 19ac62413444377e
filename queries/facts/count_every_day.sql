-- name: count_every_day
-- Grain: one row per local day with events.
-- Reads: stage_print_day
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_counted_day AS
SELECT DISTINCT day_n FROM stage_print_day
