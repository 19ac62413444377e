-- name: raw/event_insert
-- Grain: one row per event of the batch that is no repeat
-- Reads: incoming (registered)
-- Parameters: $source, $load_id
INSERT INTO raw_event (
    source, event_key, payload_hash, user_id, event, ts_us, client_ts_us, received_us, route, method, status,
    duration_ms, feature, platform, component, error_type, properties, load_id, key_hash
)
SELECT
    $source, b.event_key, b.payload_hash, b.user_id, b.event, b.ts_us, b.client_ts_us, b.received_us, b.route,
    b.method, b.status, b.duration_ms, b.feature, b.platform, b.component, b.error_type, b.properties, $load_id,
    b.key_hash
FROM incoming AS b
