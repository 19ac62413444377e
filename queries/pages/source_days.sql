-- name: source_days
-- Grain: one row per source, item and local day.
-- Reads: fct_source_day, dim_day
-- Parameters: -
SELECT s.source, s.item, d.local_date, s.rows, s.expected, s.covered
FROM fct_source_day AS s
JOIN dim_day AS d ON d.day_n = s.day_n
ORDER BY s.source, s.item, d.local_date
