-- name: last_tester_key
-- Grain: one row: the highest number given so far.
-- Reads: tester_key
-- Parameters: -
SELECT coalesce(max(tester_key), 0) AS tester_key FROM tester_key
