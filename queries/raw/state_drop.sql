-- name: raw/state_drop
-- Grain: one row removed
-- Reads: source_state
-- Parameters: $source, $item
DELETE FROM source_state WHERE source = $source AND item = $item
