-- name: raw/event_insert
-- Grain: one row per event of the batch that is no repeat
-- Reads: incoming (registered)
-- Parameters: $load_id
INSERT INTO event_log (
    kind_n, event_key, key_hash, payload_hash, user_id, ts_us, client_ts_us, received_us, duration_ms, properties, load_id
)
SELECT
    b.kind_n, b.event_key, b.key_hash, b.payload_hash, b.user_id, b.ts_us, b.client_ts_us, b.received_us, b.duration_ms,
    b.properties, $load_id
FROM incoming AS b
