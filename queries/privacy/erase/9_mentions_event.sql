-- name: erase/9_mentions_event
-- Grain: the id goes from what other people's events say.
-- Reads: raw_event
-- Parameters: $id
UPDATE raw_event SET properties = replace(properties, $id, '[erased]')
WHERE contains(properties, $id)
