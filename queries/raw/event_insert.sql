-- name: raw/event_insert
-- Grain: one row per event of the batch that is no repeat; columns that are left out are missing in all of them
-- Reads: incoming (registered)
-- Parameters: -
INSERT INTO event_log BY NAME
FROM incoming
