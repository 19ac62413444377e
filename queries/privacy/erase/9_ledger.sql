-- name: erase/9_ledger
-- Grain: the id goes from notes and warnings.
-- Reads: load_ledger
-- Parameters: $id
UPDATE load_ledger SET note = replace(note, $id, '[erased]')
WHERE contains(note, $id)
