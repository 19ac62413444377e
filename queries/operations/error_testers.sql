-- name: operations/error_testers
-- Grain: one row per route or component that testers met failing between two instants: how often, how many testers, when
-- first and last. `place` is the route of a failed request, or the component of an application error.
-- Reads: fct_event, dim_event, dim_tester
-- Parameters: $start_us, $end_us, $request_event, $error_events
SELECT
    CASE WHEN n.event = $request_event THEN 'request' ELSE 'app error' END AS kind,
    CASE WHEN n.event = $request_event THEN coalesce(e.route, 'unknown') ELSE coalesce(e.component, 'unknown') END AS place,
    CASE WHEN n.event = $request_event THEN CAST(e.status AS VARCHAR) ELSE coalesce(e.error_type, 'unknown') END AS detail,
    count(e.ts_us) AS errors,
    count(DISTINCT e.tester_key) AS testers,
    min(e.ts_us) AS first_us,
    max(e.ts_us) AS last_us
FROM fct_event AS e
INNER JOIN dim_event AS n ON n.event_id = e.event_id
INNER JOIN dim_tester AS t ON t.tester_key = e.tester_key
WHERE
    t.excluded_reason IS NULL
    AND e.ts_us >= $start_us AND e.ts_us < $end_us
    AND ((n.event = $request_event AND e.status >= 500) OR list_contains($error_events, n.event))
GROUP BY 1, 2, 3
ORDER BY testers DESC, errors DESC, place, detail
