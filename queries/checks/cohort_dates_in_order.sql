-- name: cohort_dates_in_order
-- Grain: one row per tester activated before acceptance, or active before the first event.
-- Reads: dim_tester
-- Parameters: -
SELECT tester_key, accepted_us, activated_us
FROM dim_tester
WHERE activated_us < accepted_us OR (first_active_us IS NULL) <> (first_active_day_n IS NULL)
LIMIT 20
