-- name: dim_feature
-- Grain: one row: how many rows dim_feature holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_feature
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        feature, feature_bit
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_feature
