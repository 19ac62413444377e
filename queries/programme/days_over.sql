-- name: programme/days_over
-- Grain: one row: the programme's first day, the day after the last one that is over, programme or not.
-- Reads: dim_day, dim_week
-- Parameters: -
SELECT
    (SELECT min(start_day_n) FROM dim_week) AS first_day,
    (SELECT max(day_n) + 1 FROM dim_day WHERE is_over) AS end_day
