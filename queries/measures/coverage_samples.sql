-- name: measures/coverage_samples
-- Grain: one row per complete programme day: covered share of the scrape targets that expose $metrics (weighted by what was
-- expected of each), 0 on a day without any of them, NULL where none is known at all.
-- Reads: dim_day, dim_week, dim_series, fct_source_day
-- Parameters: $metrics
WITH targets AS (
    SELECT DISTINCT source, 'samples ' || coalesce(job, '') || '/' || coalesce(instance, '') AS item
    FROM dim_series
    WHERE list_contains($metrics, metric)
),
covered_days AS (
    SELECT s.day_n, s.covered, coalesce(s.expected, 1) AS expected
    FROM fct_source_day s
    INNER JOIN targets t ON t.source = s.source AND t.item = s.item
),
days AS (
    SELECT day_n, week FROM dim_day WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
)
SELECT
    d.day_n, d.week,
    CASE WHEN (SELECT count(day_n) FROM covered_days) = 0 THEN NULL
         ELSE coalesce(sum(c.covered * c.expected) / nullif(sum(c.expected), 0), 0) END AS covered
FROM days d
LEFT JOIN covered_days c ON c.day_n = d.day_n
GROUP BY d.day_n, d.week
ORDER BY d.day_n
