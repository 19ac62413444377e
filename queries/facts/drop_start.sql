-- name: drop_start
-- Grain: rows that are written anew go.
-- Reads: fct_tester_start, stage_merged_start
-- Parameters: -
DELETE FROM fct_tester_start AS o
USING stage_merged_start AS n
WHERE n.tester_key = o.tester_key
