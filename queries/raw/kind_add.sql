-- name: raw/kind_add
-- Grain: one row per kind of the batch that the store does not have yet, with the next numbers, in their order
-- Reads: kinds (registered), event_kind
-- Parameters: $source
INSERT INTO event_kind
SELECT
    (SELECT coalesce(max(k.kind_n), 0) FROM event_kind AS k) + row_number() OVER (ORDER BY b.n), $source, b.event, b.route,
    b.method, b.status, b.feature, b.platform, b.component, b.error_type
FROM kinds AS b
WHERE NOT EXISTS (
    SELECT 1
    FROM event_kind AS k
    WHERE k.source = $source AND k.event = b.event AND k.route IS NOT DISTINCT FROM b.route
        AND k.method IS NOT DISTINCT FROM b.method AND k.status IS NOT DISTINCT FROM b.status
        AND k.feature IS NOT DISTINCT FROM b.feature AND k.platform IS NOT DISTINCT FROM b.platform
        AND k.component IS NOT DISTINCT FROM b.component AND k.error_type IS NOT DISTINCT FROM b.error_type
)
