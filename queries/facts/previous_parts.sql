-- name: previous_parts
-- Grain: one row per file of events that the previous snapshot reads.
-- Reads: previous.fct_event_part
-- Parameters: -
SELECT file FROM previous.fct_event_part
