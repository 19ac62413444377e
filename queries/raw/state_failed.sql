-- name: raw/state_failed
-- Grain: one row per item of the source whose last attempt failed
-- Reads: source_state
-- Parameters: $source
SELECT item
FROM source_state
WHERE source = $source AND error IS NOT NULL
ORDER BY item
