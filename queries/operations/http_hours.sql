-- name: operations/http_hours
-- Grain: one row per UTC hour (and local day) with samples: requests, the part of them that grew over a scrape gap, and those
-- with a 5xx status.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
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
    f.hour_us,
    f.day_n,
    sum(f.increase) AS requests,
    sum(f.gap_increase) AS gap_requests,
    -- no status label at all: failures are unknown, not 0
    CASE WHEN any_value(c.has_status) THEN sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) END AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
GROUP BY f.hour_us, f.day_n
ORDER BY f.hour_us, f.day_n
