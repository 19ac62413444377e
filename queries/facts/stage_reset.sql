-- name: stage_reset
-- Grain: an empty fct_reset for the rows that are built.
-- Reads: fct_reset
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_reset AS
SELECT series_id, ts_ms, value_before, value_after FROM fct_reset WHERE FALSE
