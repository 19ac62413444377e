-- name: raw_event
-- Grain: one row per accepted event before as_of that names a user, of one piece of the raw store; columns the fold needs.
-- Reads: raw_event
-- Parameters: $first_row, $end_row, $after_load, $until_load, $from_us, $as_of_us, $folder
COPY (
    SELECT
        source, user_id, event, ts_us, feature, route, method, status, duration_ms, component, error_type, platform, properties
    FROM raw_event
    WHERE stored_row >= $first_row AND stored_row < $end_row AND load_id > $after_load AND load_id <= $until_load
        AND ts_us >= $from_us AND ts_us < $as_of_us AND user_id IS NOT NULL
) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
