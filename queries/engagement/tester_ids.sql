-- name: tester_ids
-- Grain: one row per tester.
-- Reads: dim_tester
-- Parameters: -
SELECT tester_key, tester_id FROM dim_tester ORDER BY tester_key
