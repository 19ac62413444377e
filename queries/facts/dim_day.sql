-- name: dim_day
-- Grain: rows of dim_day made from the settings.
-- Reads: new_dim_day (registered while facts are built)
-- Parameters: -
INSERT INTO dim_day (day_n, local_date, start_us, end_us, week, iso_week, is_over)
SELECT day_n, local_date, start_us, end_us, week, iso_week, is_over
FROM new_dim_day
