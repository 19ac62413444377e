-- name: sources/postgres/beta_feature_flags
-- Grain: one row per feature flag, as it applies to everyone ('*'); a share below 100 % is not everyone
-- Reads: beta_feature_flags
-- Parameters: -
SELECT
    '*' AS user_id,
    name::text AS feature,
    coalesce(enabled AND coalesce(user_percentage, 100) >= 100, false) AS enabled
FROM beta_feature_flags
ORDER BY name
