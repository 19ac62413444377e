-- name: erase/9_mentions_event
-- Grain: the id goes from what other people's events say.
-- Reads: event_log
-- Parameters: $id
UPDATE event_log SET properties = replace(properties, $id, '[erased]')
WHERE contains(properties, $id)
