-- name: engagement/features
-- Grain: one row per declared feature: its bit, and whether it has a flag at all.
-- Reads: dim_feature, fct_flag
-- Parameters: -
SELECT feature, feature_bit, feature_id IN (SELECT feature_id FROM fct_flag) AS has_flag
FROM dim_feature ORDER BY feature
