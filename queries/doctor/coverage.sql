-- name: coverage
-- Grain: one row per source and item: the covered share of its complete days and its longest gap.
-- Reads: fct_source_day, fct_gap, dim_day
-- Parameters: -
WITH gap AS (
    SELECT source, item, max(to_us - from_us) AS longest_us, max_by(from_us, to_us - from_us) AS from_us
    FROM fct_gap
    GROUP BY source, item
)
SELECT s.source, s.item, count(*) AS days, avg(s.covered) AS covered, g.longest_us / 1000000 AS longest_s, g.from_us AS gap_from_us
FROM fct_source_day AS s
INNER JOIN dim_day AS d ON d.day_n = s.day_n AND d.is_over
LEFT JOIN gap AS g ON g.source = s.source AND (g.item = s.item OR 'samples ' || g.item = s.item)
GROUP BY s.source, s.item, g.longest_us, g.from_us
ORDER BY s.source, s.item
