-- name: merge_platform
-- Grain: one row per tester and platform seen anew, with what was known of it.
-- Reads: stage_tester_platform, fct_tester_platform
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_merged_platform AS
SELECT n.tester_key, n.platform, n.events + coalesce(o.events, 0) AS events
FROM stage_tester_platform AS n
LEFT JOIN fct_tester_platform AS o ON o.tester_key = n.tester_key AND o.platform = n.platform
