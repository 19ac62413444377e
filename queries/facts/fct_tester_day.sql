-- name: fct_tester_day
-- Grain: one row per tester to build and local day with at least one event.
-- Reads: stage_event, dim_event, dim_feature, fct_session, stage_touched
-- Parameters: $request_event, $slow_ms, $error_events
INSERT INTO fct_tester_day
WITH days AS (
    SELECT
        e.tester_key, e.day_n, count(*) AS events,
        sum(CASE WHEN n.is_active THEN 1 ELSE 0 END) AS active_events,
        bit_or(coalesce(f.feature_bit, 0)) AS feature_mask,
        min(e.ts_us) AS first_us, max(e.ts_us) AS last_us,
        sum(CASE WHEN n.event = $request_event THEN 1 ELSE 0 END) AS requests,
        sum(CASE WHEN n.event = $request_event AND e.status >= 500 THEN 1 ELSE 0 END) AS failed_requests,
        sum(CASE WHEN n.event = $request_event AND e.duration_ms > $slow_ms THEN 1 ELSE 0 END) AS slow_requests,
        -- exact to a microsecond whatever the order of the rows
        sum(CASE WHEN n.event = $request_event THEN TRY_CAST(e.duration_ms AS DECIMAL(18, 3)) END) AS request_ms,
        sum(CASE WHEN list_contains($error_events::VARCHAR[], n.event) THEN 1 ELSE 0 END) AS app_errors
    FROM stage_event AS e
    INNER JOIN dim_event AS n ON n.event_id = e.event_id
    LEFT JOIN dim_feature AS f ON f.feature_id = e.feature_id
    GROUP BY e.tester_key, e.day_n
), visits AS (
    SELECT s.tester_key, s.day_n, count(*) AS sessions, CAST(sum(s.end_us - s.start_us) AS BIGINT) AS duration_us
    FROM fct_session AS s
    INNER JOIN stage_touched AS t ON t.tester_key = s.tester_key
    GROUP BY s.tester_key, s.day_n
)
SELECT
    d.tester_key, d.day_n, d.events, d.active_events, d.feature_mask, d.first_us, d.last_us,
    coalesce(v.sessions, 0), coalesce(v.duration_us, 0) / 1000000,
    d.requests, d.failed_requests, d.slow_requests, coalesce(CAST(d.request_ms AS DOUBLE), 0), d.app_errors
FROM days AS d
LEFT JOIN visits AS v ON v.tester_key = d.tester_key AND v.day_n = d.day_n
ORDER BY d.tester_key, d.day_n
