-- name: stage_merged_day
-- Grain: one row per tester and day with new events or another session: what was known and what is new, added.
-- Reads: stage_moved_day, stage_tester_day, fct_tester_day, fct_session
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_merged_day AS
WITH visits AS (
    SELECT s.tester_key, s.day_n, count(*) AS sessions, CAST(sum(s.end_us - s.start_us) AS BIGINT) AS duration_us
    FROM fct_session AS s
    INNER JOIN stage_moved_day AS m ON m.tester_key = s.tester_key AND m.day_n = s.day_n
    GROUP BY s.tester_key, s.day_n
)
SELECT
    m.tester_key, m.day_n,
    coalesce(n.events, 0) + coalesce(o.events, 0) AS events,
    coalesce(n.active_events, 0) + coalesce(o.active_events, 0) AS active_events,
    coalesce(n.feature_mask, 0) | coalesce(o.feature_mask, 0) AS feature_mask,
    least(n.first_us, o.first_us) AS first_us, greatest(n.last_us, o.last_us) AS last_us,
    coalesce(v.sessions, 0) AS sessions, coalesce(v.duration_us, 0) / 1000000 AS session_seconds,
    coalesce(n.requests, 0) + coalesce(o.requests, 0) AS requests,
    coalesce(n.failed_requests, 0) + coalesce(o.failed_requests, 0) AS failed_requests,
    coalesce(n.slow_requests, 0) + coalesce(o.slow_requests, 0) AS slow_requests,
    -- whole microseconds, so that the sum does not depend on the order of loads
    (coalesce(n.request_us, 0) + CAST(round(coalesce(o.request_ms, 0) * 1000) AS BIGINT)) / 1000 AS request_ms,
    coalesce(n.app_errors, 0) + coalesce(o.app_errors, 0) AS app_errors
FROM stage_moved_day AS m
LEFT JOIN stage_tester_day AS n ON n.tester_key = m.tester_key AND n.day_n = m.day_n
LEFT JOIN fct_tester_day AS o ON o.tester_key = m.tester_key AND o.day_n = m.day_n
LEFT JOIN visits AS v ON v.tester_key = m.tester_key AND v.day_n = m.day_n
