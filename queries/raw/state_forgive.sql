-- name: raw/state_forgive
-- Grain: one row changed: an item that is no longer there has no error
-- Reads: source_state
-- Parameters: $source, $item
UPDATE source_state
SET error = NULL
WHERE source = $source AND item = $item
