-- name: store_print
-- Grain: one row: fingerprint of the ledger up to a load, which tells one raw store from another.
-- Reads: load_ledger
-- Parameters: $load_id
SELECT CAST(coalesce(sum(CAST(hash(load_id, source, item, started_us, read, accepted, status) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM load_ledger
WHERE load_id <= $load_id
