-- name: fct_tester_day
-- Grain: one row: how many rows fct_tester_day holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_day_print
-- Parameters: -
SELECT CAST(coalesce(sum(tester_days), 0) AS BIGINT) AS records, CAST(coalesce(sum(tester_day_print), 0) AS VARCHAR) AS print
FROM fct_day_print
