-- name: raw/old_keys_uuid
-- Grain: the column that an older version did not have
-- Reads: event_log
-- Parameters: -
ALTER TABLE event_log ADD COLUMN event_uuid UUID
