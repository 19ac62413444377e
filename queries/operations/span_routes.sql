-- name: operations/span_routes
-- Grain: one row per route with 5xx between two instants (whole UTC hours): how many, of how many requests.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $start_us, $end_us, $metrics
WITH chosen AS (
    SELECT s.metric, bool_or(s.status IS NOT NULL) AS has_status
    FROM dim_series AS s
    WHERE list_contains($metrics, s.metric)
    GROUP BY s.metric
    -- one that tells failures apart goes before one that does not, whatever their names
    ORDER BY bool_or(s.status IS NOT NULL) DESC, list_position($metrics, s.metric)
    LIMIT 1
)
SELECT
    coalesce(s.route, 'all') AS route,
    sum(f.increase) AS requests,
    -- no status label at all: failures are unknown, not 0
    CASE WHEN any_value(c.has_status) THEN sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) END AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE f.hour_us >= $start_us AND f.hour_us < $end_us
GROUP BY coalesce(s.route, 'all')
HAVING sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) > 0
ORDER BY failed DESC, route
