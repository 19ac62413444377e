-- name: dim_week
-- Grain: one row: how many rows dim_week holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_week
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        week, start_us, end_us, state
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_week
