-- name: last_load
-- Grain: one row: number of the newest load.
-- Reads: load_ledger
-- Parameters: -
SELECT coalesce(max(load_id), 0) AS load_id FROM load_ledger
