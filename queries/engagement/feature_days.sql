-- name: engagement/feature_days
-- Grain: one row per tester-day of the range with activity or a feature; in no order. is_active is 0 or 1.
-- Reads: fct_tester_day
-- Parameters: $first_day, $end_day (day numbers, the end exclusive), $until_us
SELECT tester_key, (active_events > 0)::TINYINT AS is_active, feature_mask FROM fct_tester_day
WHERE day_n >= $first_day AND day_n < $end_day AND first_us < $until_us AND (active_events > 0 OR feature_mask <> 0)
