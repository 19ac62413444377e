-- name: stage_event
-- Grain: one row per accepted event of a known user before as_of, of the testers to build.
-- Reads: raw_event, stage_person, stage_touched, stage_quarter, dim_event, dim_feature
-- Parameters: $as_of_us
CREATE OR REPLACE TEMP TABLE stage_event AS
SELECT
    p.tester_key, n.event_id, e.ts_us, q.day_n, f.feature_id, e.route, e.method, e.status, e.duration_ms,
    e.component, e.error_type, e.platform, e.properties
FROM raw_event AS e
INNER JOIN stage_person AS p ON p.user_id = e.user_id
INNER JOIN stage_touched AS t ON t.tester_key = p.tester_key
INNER JOIN dim_event AS n ON n.event = e.event
INNER JOIN stage_quarter AS q ON q.quarter_n = e.ts_us // 900000000
LEFT JOIN dim_feature AS f ON f.feature = e.feature
WHERE e.ts_us < $as_of_us
