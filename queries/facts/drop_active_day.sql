-- name: drop_active_day
-- Grain: days that are counted anew go.
-- Reads: fct_active_day, stage_counted_day
-- Parameters: -
DELETE FROM fct_active_day
WHERE day_n IN (SELECT day_n FROM stage_counted_day)
