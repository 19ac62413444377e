-- name: raw/old_move
-- Grain: one row per event of a piece of the old table, in its order
-- Reads: made (registered), old_event, event_kind
-- Parameters: $first_row, $end_row
INSERT INTO event_log (
    kind_n, event_key, key_hash, payload_hash, user_id, ts_us, client_ts_us, received_us, duration_ms, properties, load_id
)
SELECT
    k.kind_n, o.event_key, coalesce(o.key_hash, m.key_hash), o.payload_hash, o.user_id, o.ts_us, o.client_ts_us,
    o.received_us, o.duration_ms, o.properties, o.load_id
FROM old_event AS o
INNER JOIN event_kind AS k
    ON k.source = o.source AND k.event = o.event AND k.route IS NOT DISTINCT FROM o.route
    AND k.method IS NOT DISTINCT FROM o.method AND k.status IS NOT DISTINCT FROM o.status
    AND k.feature IS NOT DISTINCT FROM o.feature AND k.platform IS NOT DISTINCT FROM o.platform
    AND k.component IS NOT DISTINCT FROM o.component AND k.error_type IS NOT DISTINCT FROM o.error_type
LEFT JOIN made AS m ON m.old_row = o.rowid
WHERE o.rowid >= $first_row AND o.rowid < $end_row
ORDER BY o.rowid
