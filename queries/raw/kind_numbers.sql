-- name: raw/kind_numbers
-- Grain: one row per kind of the batch, in their order
-- Reads: kinds (registered), event_kind
-- Parameters: $source
SELECT k.kind_n
FROM kinds AS b
INNER JOIN event_kind AS k
    ON k.source = $source AND k.event = b.event AND k.route IS NOT DISTINCT FROM b.route
    AND k.method IS NOT DISTINCT FROM b.method AND k.status IS NOT DISTINCT FROM b.status
    AND k.feature IS NOT DISTINCT FROM b.feature AND k.platform IS NOT DISTINCT FROM b.platform
    AND k.component IS NOT DISTINCT FROM b.component AND k.error_type IS NOT DISTINCT FROM b.error_type
ORDER BY b.n
