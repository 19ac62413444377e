-- name: put_event
-- Grain: one row per event of this piece, in the order in which events are kept.
-- Reads: stage_event
-- Parameters: -
INSERT INTO fct_event
SELECT
    tester_key, event_id, ts_us, day_n, feature_id, route, method, status, duration_ms,
    component, error_type, platform, properties
FROM stage_event
ORDER BY event_id, tester_key, ts_us
