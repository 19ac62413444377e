-- name: operations/route_days
-- Grain: one row per route and local day with samples: requests, the seconds they took together, and the part of both
-- that grew over a scrape gap. The first of $metrics (bases without _count, _sum) that exists; $scales turns its sum
-- into seconds.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales
WITH chosen AS (
    SELECT b.base, b.scale
    FROM (SELECT unnest($metrics) AS base, unnest($scales) AS scale, generate_subscripts($metrics, 1) AS n) AS b
    WHERE EXISTS (SELECT 1 FROM dim_series AS s WHERE s.metric = b.base || '_count')
    ORDER BY b.n
    LIMIT 1
),
route_series AS (
    SELECT s.series_id, coalesce(s.route, 'all') AS route, s.metric = c.base || '_sum' AS is_sum, c.scale
    FROM dim_series AS s
    INNER JOIN chosen AS c ON s.metric IN (c.base || '_count', c.base || '_sum')
)
SELECT
    r.route,
    f.day_n,
    sum(CASE WHEN r.is_sum THEN 0 ELSE f.increase END) AS requests,
    sum(CASE WHEN r.is_sum THEN f.increase * r.scale ELSE 0 END) AS seconds,
    sum(CASE WHEN r.is_sum THEN 0 ELSE f.gap_increase END) AS gap_requests
FROM route_series AS r
INNER JOIN fct_counter_hour AS f ON f.series_id = r.series_id
GROUP BY r.route, f.day_n
ORDER BY r.route, f.day_n
