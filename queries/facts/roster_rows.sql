-- name: roster_rows
-- Grain: one row: how many roster entries there are.
-- Reads: raw_tester
-- Parameters: -
SELECT count(*) AS records FROM raw_tester
