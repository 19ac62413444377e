-- name: raw_event
-- Grain: one row per accepted event, with the words of its kind. `stored_row`: its place in the store, later loads behind earlier.
-- Reads: event_log, event_kind
-- Parameters: -
CREATE VIEW IF NOT EXISTS raw_event AS
SELECT
    k.source, coalesce(l.event_key, CAST(l.event_uuid AS VARCHAR)) AS event_key, l.payload_hash, l.user_id, k.event, l.ts_us,
    l.client_ts_us, l.received_us, k.route, k.method, k.status, l.duration_ms, k.feature, k.platform, k.component,
    k.error_type, l.properties, l.load_id, l.key_hash, l.rowid AS stored_row
FROM event_log AS l
INNER JOIN event_kind AS k ON k.kind_n = l.kind_n
