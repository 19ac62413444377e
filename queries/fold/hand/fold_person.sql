-- name: fold_person
-- Grain: one row per id that names a tester.
-- Reads: stage_person
-- Parameters: $folder
COPY (SELECT user_id, tester_key FROM stage_person) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
