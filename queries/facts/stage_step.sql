-- name: stage_step
-- Grain: an empty fct_step for the rows that are built.
-- Reads: fct_step
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_step AS
SELECT series_id, apart_ms, steps FROM fct_step WHERE FALSE
