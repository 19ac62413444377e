-- name: operations/route_failures
-- Grain: one row per route and local day: requests and those with a 5xx status, of the first of $metrics that exists.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
WITH chosen AS (
    SELECT s.metric
    FROM dim_series AS s
    WHERE list_contains($metrics, s.metric)
    ORDER BY list_position($metrics, s.metric)
    LIMIT 1
)
SELECT
    coalesce(s.route, 'all') AS route,
    f.day_n,
    sum(f.increase) AS requests,
    sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
GROUP BY coalesce(s.route, 'all'), f.day_n
ORDER BY route, f.day_n
