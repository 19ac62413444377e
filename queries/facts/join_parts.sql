-- name: join_parts
-- Grain: one row: the file that took the place of several.
-- Reads: fct_event_part
-- Parameters: $file, $files
INSERT INTO fct_event_part
SELECT $file, CAST(sum(records) AS BIGINT), min(first_us), max(last_us), sum(print)
FROM fct_event_part
WHERE list_contains($files::VARCHAR[], file)
