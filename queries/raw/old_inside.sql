-- name: raw/old_inside
-- Grain: one row when the store holds events that older versions stored, whose payload hashes were made in another way
-- Reads: -
-- Parameters: -
SELECT comment
FROM duckdb_tables()
WHERE database_name = current_database() AND table_name = 'event_log' AND comment IS NOT NULL
