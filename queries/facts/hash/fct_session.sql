-- name: fct_session
-- Grain: one row: how many rows fct_session holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_day_print
-- Parameters: -
SELECT CAST(coalesce(sum(sessions), 0) AS BIGINT) AS records, CAST(coalesce(sum(session_print), 0) AS VARCHAR) AS print
FROM fct_day_print
