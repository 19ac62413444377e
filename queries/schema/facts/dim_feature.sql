-- name: dim_feature
-- Grain: one row per declared feature (at most 62).
-- Reads: -
-- Parameters: -
CREATE TABLE dim_feature (
    feature_id INTEGER NOT NULL,
    feature VARCHAR NOT NULL,
    feature_bit BIGINT NOT NULL        -- 1, 2, 4, ...
)
