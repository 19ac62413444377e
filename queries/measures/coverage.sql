-- name: measures/coverage
-- Grain: one row per complete programme day: the share of it that the sources of $item have told us about (the least
-- covered source), NULL where no such item is known at all.
-- Reads: dim_day, dim_week, fct_source_day
-- Parameters: $item
WITH items AS (SELECT DISTINCT source FROM fct_source_day WHERE item = $item),
days AS (
    SELECT day_n, week FROM dim_day WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
)
SELECT d.day_n, d.week, CASE WHEN count(i.source) = 0 THEN NULL ELSE min(coalesce(s.covered, 0)) END AS covered
FROM days d
LEFT JOIN items i ON TRUE
LEFT JOIN fct_source_day s ON s.source = i.source AND s.item = $item AND s.day_n = d.day_n
GROUP BY d.day_n, d.week
ORDER BY d.day_n
