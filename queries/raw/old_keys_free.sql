-- name: raw/old_keys_free
-- Grain: ids that are UUIDs may stand in their own column
-- Reads: event_log
-- Parameters: -
ALTER TABLE event_log ALTER COLUMN event_key DROP NOT NULL
