-- name: fold_feature
-- Grain: one row per declared feature.
-- Reads: dim_feature
-- Parameters: -
CREATE OR REPLACE TEMP TABLE fold_feature AS
SELECT feature_id, feature, feature_bit
FROM dim_feature
