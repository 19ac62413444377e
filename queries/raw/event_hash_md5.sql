-- name: raw/event_hash_md5
-- Grain: one row per event of some, in their order, with the payload hash that older versions stored
-- Reads: incoming (registered)
-- Parameters: -
-- Only compared with what is stored already. It leaves out when the event was received.
SELECT
    md5_number_lower(concat_ws(
        chr(31),
        coalesce(CAST(user_id AS VARCHAR), chr(30)),
        coalesce(CAST(event AS VARCHAR), chr(30)),
        coalesce(CAST(ts_us AS VARCHAR), chr(30)),
        coalesce(payload, concat_ws(
            chr(31),
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
        ))
    )) AS payload_hash
FROM incoming
ORDER BY n
