-- name: operations/route_days
-- Grain: one row per route and local day with samples: requests, the seconds they took together, and the part of both
-- that grew over a scrape gap. $metrics are bases without _count, _sum, each read in its own hours; $scales turns its
-- sum into seconds.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $scales, $from_us, $to_us
WITH chosen AS (
    SELECT unnest($metrics) AS base, unnest($scales) AS scale, unnest($from_us) AS from_us, unnest($to_us) AS to_us
),
route_series AS (
    SELECT
        s.series_id, coalesce(s.route, 'all') AS route, s.metric = c.base || '_sum' AS is_sum, c.scale,
        c.from_us, c.to_us
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
INNER JOIN fct_counter_hour AS f ON f.series_id = r.series_id AND f.hour_us >= r.from_us AND f.hour_us < r.to_us
GROUP BY r.route, f.day_n
ORDER BY r.route, f.day_n
