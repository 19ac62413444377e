-- name: dim_feature
-- Grain: rows of dim_feature made from the settings.
-- Reads: new_dim_feature (registered while facts are built)
-- Parameters: -
INSERT INTO dim_feature (feature_id, feature, feature_bit)
SELECT feature_id, feature, feature_bit
FROM new_dim_feature
