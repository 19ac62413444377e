-- name: dim_incident
-- Grain: one row: how many rows dim_incident holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_incident
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        name, from_us, to_us, class, note
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_incident
