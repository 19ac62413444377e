-- name: drop_platform
-- Grain: rows that are written anew go.
-- Reads: fct_tester_platform, stage_merged_platform
-- Parameters: -
DELETE FROM fct_tester_platform AS o
USING stage_merged_platform AS n
WHERE n.tester_key = o.tester_key AND n.platform = o.platform
