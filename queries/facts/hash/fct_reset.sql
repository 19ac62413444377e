-- name: fct_reset
-- Grain: one row: how many rows fct_reset holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_reset, dim_series
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        s.metric, s.labels, r.ts_ms, r.value_before, r.value_after
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_reset AS r
INNER JOIN dim_series AS s ON s.series_id = r.series_id
