-- name: flagged_features
-- Grain: one row per declared feature that was switched on for somebody.
-- Reads: dim_feature, fct_flag
-- Parameters: -
SELECT f.feature
FROM dim_feature AS f
WHERE f.feature_id IN (SELECT g.feature_id FROM fct_flag AS g)
ORDER BY f.feature_id
