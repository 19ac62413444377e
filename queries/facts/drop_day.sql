-- name: drop_day
-- Grain: tester-days that are written anew go.
-- Reads: fct_tester_day, stage_moved_day
-- Parameters: -
DELETE FROM fct_tester_day AS d
USING stage_moved_day AS m
WHERE m.tester_key = d.tester_key AND m.day_n = d.day_n
