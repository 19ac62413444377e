-- name: no_new_activation
-- Grain: one row per activation event that is new; none yet.
-- Reads: -
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_new_activation (tester_key INTEGER, ts_us BIGINT)
