-- name: dim_event
-- Grain: one row per event name of the previous snapshot, judged by the settings of today.
-- Reads: previous.dim_event, fold_name
-- Parameters: -
INSERT INTO dim_event
SELECT n.event_id, n.event, n.is_active = 1
FROM fold_name AS n
WHERE n.event_id IN (SELECT event_id FROM previous.dim_event)
ORDER BY n.event_id
