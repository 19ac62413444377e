-- name: programme/feature_flags
-- Grain: one row per tester and feature with a flag: its bit, and since when it is on (0 = always).
-- Reads: dim_feature, fct_flag
-- Parameters: -
SELECT g.tester_key, f.feature_bit, min(coalesce(g.since_us, 0)) AS since_us
FROM fct_flag g
INNER JOIN dim_feature f ON f.feature_id = g.feature_id
GROUP BY g.tester_key, f.feature_bit
