-- name: staged_events
-- Grain: one row: how many events this piece holds.
-- Reads: stage_event
-- Parameters: -
SELECT count(*) AS events FROM stage_event
