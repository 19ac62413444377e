-- name: new_activation
-- Grain: one row per activation event of this piece.
-- Reads: stage_event, dim_event
-- Parameters: $activation_event
INSERT INTO stage_new_activation
SELECT e.tester_key, e.ts_us
FROM stage_event AS e
INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.event = $activation_event
