-- name: seen_event
-- Grain: event names of this piece that were not seen in a piece before.
-- Reads: stage_event, fold_name, dim_event
-- Parameters: -
INSERT INTO dim_event
SELECT n.event_id, n.event, n.is_active = 1
FROM fold_name AS n
WHERE n.event_id IN (SELECT event_id FROM stage_event) AND n.event_id NOT IN (SELECT event_id FROM dim_event)
ORDER BY n.event_id
