-- name: raw_event
-- Grain: one row per accepted event before as_of that names a user; columns the fold needs.
-- Reads: raw_event
-- Parameters: $as_of_us, $folder
COPY (
    SELECT
        source, user_id, event, ts_us, feature, route, method, status, duration_ms, component, error_type, platform, properties
    FROM raw_event
    WHERE ts_us < $as_of_us AND user_id IS NOT NULL
) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
