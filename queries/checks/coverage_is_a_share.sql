-- name: coverage_is_a_share
-- Grain: one row per source and day whose coverage is no share of a day, or gap that runs backwards.
-- Reads: fct_source_day, fct_gap
-- Parameters: -
SELECT source, item, day_n, covered FROM fct_source_day WHERE covered IS NULL OR covered < -0.000001 OR covered > 1.000001
UNION ALL
SELECT source, item, NULL, NULL FROM fct_gap WHERE to_us <= from_us
LIMIT 20
