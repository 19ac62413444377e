-- name: stage_late
-- Grain: one row per source item: rows that came late in loads up to the previous snapshot's.
-- Reads: previous.fct_load
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_late AS
SELECT source, item, late FROM previous.fct_load WHERE late > 0
