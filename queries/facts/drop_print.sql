-- name: drop_print
-- Grain: prints of days that are hashed anew go.
-- Reads: fct_day_print, stage_print_day
-- Parameters: -
DELETE FROM fct_day_print
WHERE day_n IN (SELECT day_n FROM stage_print_day)
