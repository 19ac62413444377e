-- name: review/gaps
-- Grain: one row per interruption, with the kind of item it belongs to.
-- Reads: fct_gap, fct_load
-- Parameters: -
SELECT
    g.source, g.item, g.from_us, g.to_us,
    CASE WHEN l.kind IN ('prometheus', 'openmetrics') OR (l.kind IS NULL AND g.item LIKE '%/%') THEN 'samples'
         ELSE coalesce(l.target, g.item) END AS kind
FROM fct_gap g
LEFT JOIN (
    SELECT source, max(kind) AS kind, CASE WHEN count(DISTINCT target) = 1 THEN max(target) END AS target
    FROM fct_load
    GROUP BY source
) l ON l.source = g.source
ORDER BY g.from_us, g.source, g.item
