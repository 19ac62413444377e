-- name: measures/calendar
-- Grain: one row per local day of the programme, over or not.
-- Reads: dim_day, dim_week
-- Parameters: -
SELECT d.day_n, d.week, d.is_over, d.day_n - 6 >= (SELECT min(start_day_n) FROM dim_week) AS has_seven_days
FROM dim_day d
WHERE d.week <= (SELECT max(week) FROM dim_week)
ORDER BY d.day_n
