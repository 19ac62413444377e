-- name: programme/feature_days
-- Grain: one row per tester-day; in no order. failed, is_active and in_range are 0 or 1.
-- Reads: fct_tester_day
-- Parameters: $first_day, $end_day (day numbers, the end exclusive), $until_us
SELECT
    tester_key, day_n, feature_mask, last_us,
    CAST(failed_requests + app_errors > 0 AS TINYINT) AS failed, CAST(active_events > 0 AS TINYINT) AS is_active,
    CAST(day_n >= $first_day AND day_n < $end_day AND first_us < $until_us AS TINYINT) AS in_range
FROM fct_tester_day
