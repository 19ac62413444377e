-- name: fct_event
-- Grain: one row: how many rows fct_event holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_event, dim_tester, dim_event, dim_feature
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.tester_id, n.event, e.ts_us, e.day_n, f.feature, e.route, e.method, e.status, e.duration_ms, e.component,
        e.error_type, e.platform, e.properties
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_event AS e
INNER JOIN dim_tester AS t ON t.tester_key = e.tester_key
INNER JOIN dim_event AS n ON n.event_id = e.event_id
LEFT JOIN dim_feature AS f ON f.feature_id = e.feature_id
