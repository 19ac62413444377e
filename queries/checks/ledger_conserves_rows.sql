-- name: ledger_conserves_rows
-- Grain: one row per load whose rows read are not all accounted for.
-- Reads: load_ledger
-- Parameters: -
SELECT load_id, source, item, read, accepted, duplicates, conflicting, quarantined, blank
FROM load_ledger
WHERE status = 'ok' AND read <> accepted + duplicates + conflicting + quarantined + blank
