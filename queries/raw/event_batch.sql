-- name: raw/event_batch
-- Grain: one row per event of the batch, with its payload hash
-- The hash leaves out when the event was received: the same event sent twice is one event.
-- Reads: incoming (registered)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE event_batch AS
SELECT
    n,
    event_key,
    coalesce(
        payload_hash,
        md5_number_lower(coalesce(payload, concat_ws(
            chr(31),
            coalesce(CAST(user_id AS VARCHAR), chr(30)),
            coalesce(CAST(event AS VARCHAR), chr(30)),
            coalesce(CAST(ts_us AS VARCHAR), chr(30)),
            coalesce(CAST(client_ts_us AS VARCHAR), chr(30)),
            coalesce(CAST(route AS VARCHAR), chr(30)),
            coalesce(CAST(method AS VARCHAR), chr(30)),
            coalesce(CAST(status AS VARCHAR), chr(30)),
            coalesce(CAST(duration_ms AS VARCHAR), chr(30)),
            coalesce(CAST(feature AS VARCHAR), chr(30)),
            coalesce(CAST(platform AS VARCHAR), chr(30)),
            coalesce(CAST(component AS VARCHAR), chr(30)),
            coalesce(CAST(error_type AS VARCHAR), chr(30)),
            coalesce(CAST(properties AS VARCHAR), chr(30))
        )))
    ) AS payload_hash,
    user_id,
    event,
    ts_us,
    client_ts_us,
    received_us,
    route,
    method,
    status,
    duration_ms,
    feature,
    platform,
    component,
    error_type,
    properties
FROM incoming
