-- name: raw/old_noted
-- Grain: the table keeps in mind that it holds events whose payload hashes were made in another way
-- Reads: event_log
-- Parameters: -
COMMENT ON TABLE event_log IS 'holds events of an older layout'
