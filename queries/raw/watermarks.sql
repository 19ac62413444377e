-- name: raw/watermarks
-- Grain: one row per item of a source that has a watermark
-- Reads: source_state
-- Parameters: $source
SELECT item, watermark
FROM source_state
WHERE source = $source AND watermark IS NOT NULL
ORDER BY item
