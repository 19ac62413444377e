-- name: drop_week
-- Grain: weeks that are added up anew go.
-- Reads: fct_tester_week, stage_touched_week
-- Parameters: -
DELETE FROM fct_tester_week
WHERE week IN (SELECT week FROM stage_touched_week)
