-- name: raw/old_events
-- Grain: one row when events are kept as older versions did: all words in every row of one table
-- Reads: -
-- Parameters: -
SELECT table_name
FROM information_schema.tables
WHERE table_catalog = current_database() AND table_name = 'raw_event' AND table_type = 'BASE TABLE'
