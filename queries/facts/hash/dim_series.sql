-- name: dim_series
-- Grain: one row: how many rows dim_series holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_series
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        metric, type, labels, job, instance, route, method, status, le, interval_ms
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_series
