-- name: operations/weeks
-- Grain: one row per programme week: its range of local days and its state.
-- Reads: dim_week
-- Parameters: -
SELECT week, start_day_n, end_day_n, start_us, end_us, state FROM dim_week ORDER BY week
