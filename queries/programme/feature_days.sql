-- name: programme/feature_days
-- Grain: one row per tester-day; in no order.
-- Reads: fct_tester_day
-- Parameters: -
SELECT tester_key, day_n, feature_mask, failed_requests + app_errors > 0 AS failed, last_us FROM fct_tester_day
