-- name: raw/old_keys_text
-- Grain: one row when all ids are kept as texts, as an older version did
-- Reads: -
-- Parameters: -
SELECT table_name
FROM duckdb_columns()
WHERE database_name = current_database() AND table_name = 'event_log' AND column_name = 'event_key' AND NOT is_nullable
