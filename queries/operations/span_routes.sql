-- name: operations/span_routes
-- Grain: one row per route with 5xx between two instants (whole UTC hours): how many, of how many requests.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $start_us, $end_us, $metrics, $from_us, $to_us (counters, each in its own hours), $has_status
WITH chosen AS (
    SELECT unnest($metrics) AS metric, unnest($from_us) AS from_us, unnest($to_us) AS to_us
)
SELECT
    coalesce(s.route, 'all') AS route,
    sum(f.increase) AS requests,
    -- no status label at all: failures are unknown, not 0
    CASE WHEN $has_status THEN sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) END AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id AND f.hour_us >= c.from_us AND f.hour_us < c.to_us
WHERE f.hour_us >= $start_us AND f.hour_us < $end_us
GROUP BY coalesce(s.route, 'all')
HAVING sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) > 0
ORDER BY failed DESC, route
