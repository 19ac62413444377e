-- name: touch_all
-- Grain: every tester is to be built.
-- Reads: stage_tester
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_touched AS
SELECT tester_key FROM stage_tester
