-- name: raw/state
-- Grain: one row per source item, at most one here
-- Reads: source_state
-- Parameters: $source, $item
SELECT watermark, last_success_us, covers_from_us, covers_to_us, warnings
FROM source_state
WHERE source = $source AND item = $item
