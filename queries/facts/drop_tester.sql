-- name: drop_tester
-- Grain: rows that are written anew or of nobody go.
-- Reads: dim_tester, stage_changed_tester
-- Parameters: -
DELETE FROM dim_tester
WHERE tester_key IN (SELECT tester_key FROM stage_changed_tester)
