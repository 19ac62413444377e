-- name: raw/state_drop_untried
-- Grain: one row removed: an item that never loaded and is no longer there
-- Reads: source_state
-- Parameters: $source, $item
DELETE FROM source_state
WHERE source = $source AND item = $item AND last_success_us IS NULL
