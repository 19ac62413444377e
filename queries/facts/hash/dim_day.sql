-- name: dim_day
-- Grain: one row: how many rows dim_day holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_day
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        day_n, start_us, end_us, week, is_over
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_day
