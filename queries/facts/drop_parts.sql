-- name: drop_parts
-- Grain: files whose events are in another one now go.
-- Reads: fct_event_part
-- Parameters: $files
DELETE FROM fct_event_part WHERE list_contains($files::VARCHAR[], file)
