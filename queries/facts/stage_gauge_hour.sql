-- name: stage_gauge_hour
-- Grain: an empty fct_gauge_hour for the rows that are built.
-- Reads: fct_gauge_hour
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_gauge_hour AS
SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms FROM fct_gauge_hour WHERE FALSE
