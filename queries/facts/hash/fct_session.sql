-- name: fct_session
-- Grain: one row: how many rows fct_session holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_session, dim_tester
-- Parameters: -
-- a pseudonym is hashed once, not once a row
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.print, s.start_us, s.end_us, s.day_n, s.events
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_session AS s
INNER JOIN (SELECT tester_key, hash(tester_id) AS print FROM dim_tester) AS t ON t.tester_key = s.tester_key
