-- name: put_start
-- Grain: one row per tester with events in this piece.
-- Reads: stage_merged_start
-- Parameters: -
INSERT INTO fct_tester_start
SELECT tester_key, first_us, first_active_us, first_active_day_n, platform
FROM stage_merged_start
ORDER BY tester_key
