-- name: dim_release
-- Grain: one row: how many rows dim_release holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_release
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        name, at_us, found, note
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_release
