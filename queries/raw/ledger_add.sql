-- name: raw/ledger_add
-- Grain: one row added
-- Reads: -
-- Parameters: $load_id, $source, $item, $target, $started_us, $ended_us, $read, $accepted, $duplicates, $conflicting,
--             $quarantined, $blank, $status, $note
INSERT INTO load_ledger (
    load_id, source, item, target, started_us, ended_us, read, accepted, duplicates, conflicting, quarantined, blank,
    status, note
)
VALUES (
    $load_id, $source, $item, $target, $started_us, $ended_us, $read, $accepted, $duplicates, $conflicting,
    $quarantined, $blank, $status, $note
)
