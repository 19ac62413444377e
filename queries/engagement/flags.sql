-- name: engagement/flags
-- Grain: one row per tester and feature whose flag is on by the instant asked for; in no order.
-- Reads: dim_feature, fct_flag
-- Parameters: $until_us
SELECT g.tester_key, f.feature_bit FROM fct_flag g JOIN dim_feature f USING (feature_id)
WHERE g.since_us IS NULL OR g.since_us < $until_us
