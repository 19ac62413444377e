-- name: no_moved_day
-- Grain: no row: nothing was folded yet.
-- Reads: -
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_moved_day (tester_key INTEGER, day_n INTEGER)
