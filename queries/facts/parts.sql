-- name: parts
-- Grain: one row per file of events.
-- Reads: fct_event_part
-- Parameters: -
SELECT file, records, first_us, last_us FROM fct_event_part ORDER BY first_us, file
