-- name: fct_event
-- Grain: one row: how many events there are and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_event_part
-- Parameters: -
SELECT CAST(coalesce(sum(records), 0) AS BIGINT) AS records, CAST(coalesce(sum(print), 0) AS VARCHAR) AS print
FROM fct_event_part
