-- name: stage_counter_hour
-- Grain: an empty fct_counter_hour for the rows that are built.
-- Reads: fct_counter_hour
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_counter_hour AS
SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples FROM fct_counter_hour WHERE FALSE
