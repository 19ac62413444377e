-- name: fct_tester_day
-- Grain: one row: how many rows fct_tester_day holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_tester_day, dim_tester
-- Parameters: -
-- a pseudonym is hashed once, not once a row
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.print, d.day_n, d.events, d.active_events, d.feature_mask, d.first_us, d.last_us, d.sessions, d.session_seconds,
        d.requests, d.failed_requests, d.slow_requests, d.request_ms, d.app_errors
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_tester_day AS d
INNER JOIN (SELECT tester_key, hash(tester_id) AS print FROM dim_tester) AS t ON t.tester_key = d.tester_key
