-- name: operations/programme_days
-- Grain: one row per programme day that is over.
-- Reads: dim_day, dim_week
-- Parameters: -
SELECT d.day_n, d.local_date, d.week, d.start_us, d.end_us
FROM dim_day AS d
WHERE d.week <= (SELECT max(w.week) FROM dim_week AS w) AND d.is_over
ORDER BY d.day_n
