-- name: dim_event
-- Grain: one row: how many rows dim_event holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_event
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        event, is_active
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_event
