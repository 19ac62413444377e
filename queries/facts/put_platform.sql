-- name: put_platform
-- Grain: one row per tester and platform seen anew.
-- Reads: stage_merged_platform
-- Parameters: -
INSERT INTO fct_tester_platform
SELECT tester_key, platform, events
FROM stage_merged_platform
ORDER BY tester_key, platform
