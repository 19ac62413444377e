-- name: unused_kinds_drop
-- Grain: kinds that no event has any more go: their words were of the person's events alone.
-- Reads: event_kind, event_log
-- Parameters: -
DELETE FROM event_kind
WHERE kind_n NOT IN (SELECT kind_n FROM event_log)
