-- name: put_print
-- Grain: one row per touched local day with tester-days or sessions. A pseudonym is hashed once, not once a row.
-- Reads: stage_print_day, stage_tester, fct_tester_day, fct_session
-- Parameters: -
INSERT INTO fct_day_print
WITH touched AS (
    SELECT DISTINCT day_n FROM stage_print_day
), person AS (
    SELECT tester_key, hash(tester_id) AS print FROM stage_tester
), tester_day AS (
    SELECT
        d.day_n, count(d.tester_key) AS records,
        sum(CAST(hash(
            p.print, d.day_n, d.events, d.active_events, d.feature_mask, d.first_us, d.last_us, d.sessions,
            d.session_seconds, d.requests, d.failed_requests, d.slow_requests, d.request_ms, d.app_errors
        ) AS HUGEINT)) AS print
    FROM fct_tester_day AS d
    INNER JOIN touched AS t ON t.day_n = d.day_n
    INNER JOIN person AS p ON p.tester_key = d.tester_key
    GROUP BY d.day_n
), visit AS (
    SELECT
        s.day_n, count(s.tester_key) AS records,
        sum(CAST(hash(p.print, s.start_us, s.end_us, s.day_n, s.events) AS HUGEINT)) AS print
    FROM fct_session AS s
    INNER JOIN touched AS t ON t.day_n = s.day_n
    INNER JOIN person AS p ON p.tester_key = s.tester_key
    GROUP BY s.day_n
)
SELECT t.day_n, coalesce(d.records, 0), coalesce(d.print, 0), coalesce(v.records, 0), coalesce(v.print, 0)
FROM touched AS t
LEFT JOIN tester_day AS d ON d.day_n = t.day_n
LEFT JOIN visit AS v ON v.day_n = t.day_n
WHERE d.records > 0 OR v.records > 0
ORDER BY t.day_n
