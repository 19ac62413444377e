-- name: measures/days
-- Grain: one row per local day of the programme that is over.
-- Reads: dim_day, dim_week
-- Parameters: -
SELECT day_n, local_date, week
FROM dim_day
WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
ORDER BY day_n
