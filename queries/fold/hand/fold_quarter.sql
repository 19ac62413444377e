-- name: fold_quarter
-- Grain: one row per quarter of an hour (UTC) of the calendar.
-- Reads: stage_quarter
-- Parameters: $folder
COPY (SELECT quarter_n, day_n FROM stage_quarter) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
