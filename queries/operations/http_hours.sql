-- name: operations/http_hours
-- Grain: one row per UTC hour (and local day) with samples: requests, the part of them that grew over a scrape gap, and those
-- with a 5xx status.
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics, $from_us, $to_us (counters, each in its own hours), $has_status
WITH chosen AS (
    SELECT unnest($metrics) AS metric, unnest($from_us) AS from_us, unnest($to_us) AS to_us
)
SELECT
    f.hour_us,
    f.day_n,
    sum(f.increase) AS requests,
    sum(f.gap_increase) AS gap_requests,
    -- no status label at all: failures are unknown, not 0
    CASE WHEN $has_status THEN sum(CASE WHEN s.status LIKE '5%' THEN f.increase ELSE 0 END) END AS failed
FROM dim_series AS s
INNER JOIN chosen AS c ON c.metric = s.metric
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id AND f.hour_us >= c.from_us AND f.hour_us < c.to_us
GROUP BY f.hour_us, f.day_n
ORDER BY f.hour_us, f.day_n
