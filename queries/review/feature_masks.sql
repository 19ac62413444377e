-- name: review/feature_masks
-- Grain: one row per programme week and tester that counts, with activity: features used in it as bits; in no order.
-- Reads: dim_tester, fct_tester_week
-- Parameters: -
SELECT f.week, f.feature_mask
FROM fct_tester_week f
INNER JOIN dim_tester t ON t.tester_key = f.tester_key
WHERE t.on_roster AND t.excluded_reason IS NULL
