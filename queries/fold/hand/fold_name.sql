-- name: fold_name
-- Grain: one row per event name.
-- Reads: fold_name
-- Parameters: $folder
COPY (SELECT event_id, event, is_active, is_request, is_error FROM fold_name) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
