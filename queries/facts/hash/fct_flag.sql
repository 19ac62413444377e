-- name: fct_flag
-- Grain: one row: how many rows fct_flag holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_flag, dim_tester, dim_feature
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.tester_id, f.feature, g.since_us
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_flag AS g
INNER JOIN dim_feature AS f ON f.feature_id = g.feature_id
LEFT JOIN dim_tester AS t ON t.tester_key = g.tester_key
