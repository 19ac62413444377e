-- name: dim_week
-- Grain: rows of dim_week made from the settings.
-- Reads: new_dim_week (registered while facts are built)
-- Parameters: -
INSERT INTO dim_week (week, start_date, end_date, start_day_n, end_day_n, start_us, end_us, state)
SELECT week, start_date, end_date, start_day_n, end_day_n, start_us, end_us, state
FROM new_dim_week
