-- name: measures/weeks
-- Grain: one row per programme week, with its complete days so far.
-- Reads: dim_week, dim_day
-- Parameters: -
SELECT
    w.week, w.start_date, w.end_date, w.state, w.start_us, w.end_us,
    CAST(count(d.day_n) AS INTEGER) AS days_in
FROM dim_week w
LEFT JOIN dim_day d ON d.week = w.week AND d.is_over
GROUP BY w.week, w.start_date, w.end_date, w.state, w.start_us, w.end_us
ORDER BY w.week
