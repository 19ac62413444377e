-- name: operations/span_testers
-- Grain: one row: testers, excluded ones left out, who met a failed or slow request or an application error between two
-- instants, and all who were active then.
-- Reads: fct_event, dim_event, dim_tester
-- Parameters: $start_us, $end_us, $slow_ms, $error_events
SELECT
    count(DISTINCT CASE
        WHEN e.status >= 500 OR e.duration_ms > $slow_ms OR list_contains($error_events, n.event) THEN e.tester_key
    END) AS touched,
    count(DISTINCT e.tester_key) AS active
FROM fct_event AS e
INNER JOIN dim_event AS n ON n.event_id = e.event_id
INNER JOIN dim_tester AS t ON t.tester_key = e.tester_key
WHERE t.excluded_reason IS NULL AND e.ts_us >= $start_us AND e.ts_us < $end_us
