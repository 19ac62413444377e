-- name: touch_new
-- Grain: testers with events loaded since the previous snapshot, or dated between its as_of and this one.
-- Reads: raw_event, stage_person
-- Parameters: $previous_load, $previous_as_of_us
CREATE OR REPLACE TEMP TABLE stage_touched AS
SELECT DISTINCT p.tester_key
FROM raw_event AS e
INNER JOIN stage_person AS p ON p.user_id = e.user_id
WHERE e.load_id > $previous_load OR e.ts_us >= $previous_as_of_us
