-- name: keep_platform
-- Grain: one row per tester and platform named in a piece.
-- Reads: stage_tester_platform
-- Parameters: -
INSERT INTO seen_platform
SELECT tester_key, platform, events FROM stage_tester_platform
