-- name: raw/next_load_id
-- Grain: one row: the number after the last refresh
-- Reads: load_ledger
-- Parameters: -
SELECT coalesce(max(load_id), 0) + 1 AS load_id FROM load_ledger
