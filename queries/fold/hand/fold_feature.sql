-- name: fold_feature
-- Grain: one row per declared feature.
-- Reads: fold_feature
-- Parameters: $folder
COPY (SELECT feature_id, feature, feature_bit FROM fold_feature) TO $folder (FORMAT parquet, FILE_SIZE_BYTES 268435456)
