-- name: print_no_day
-- Grain: no row: no day was touched yet.
-- Reads: -
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_print_day (day_n INTEGER)
