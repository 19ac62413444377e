-- name: sources/postgres/beta_user_features
-- Grain: one row per tester and feature set for that tester
-- Reads: beta_user_features, beta_feature_flags
-- Parameters: -
SELECT
    uf.user_id::text AS user_id,
    coalesce(f.name::text, uf.feature_id::text) AS feature,
    coalesce(uf.enabled, false) AS enabled,
    uf.created_at::text AS created_at
FROM beta_user_features AS uf
LEFT JOIN beta_feature_flags AS f ON f.id::text = uf.feature_id::text
ORDER BY uf.user_id, uf.feature_id
