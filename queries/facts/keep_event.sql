-- name: keep_event
-- Grain: events of untouched testers from the previous snapshot, together with the newly built ones, sorted.
-- Reads: previous.fct_event, stage_event, stage_touched
-- Parameters: -
INSERT INTO fct_event
SELECT
    tester_key, event_id, ts_us, day_n, feature_id, route, method, status, duration_ms,
    component, error_type, platform, properties
FROM (
    SELECT
        tester_key, event_id, ts_us, day_n, feature_id, route, method, status, duration_ms,
        component, error_type, platform, properties
    FROM stage_event
    UNION ALL
    SELECT
        tester_key, event_id, ts_us, day_n, feature_id, route, method, status, duration_ms,
        component, error_type, platform, properties
    FROM previous.fct_event
    WHERE tester_key NOT IN (SELECT tester_key FROM stage_touched)
) AS events
ORDER BY event_id, tester_key, ts_us, day_n, route, method, status, duration_ms, properties
