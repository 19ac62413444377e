-- name: stage_none_late
-- Grain: no row: nothing is known of before.
-- Reads: -
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_late (source VARCHAR, item VARCHAR, late BIGINT)
