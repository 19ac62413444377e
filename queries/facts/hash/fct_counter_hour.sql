-- name: fct_counter_hour
-- Grain: one row: how many rows fct_counter_hour holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_counter_hour, dim_series
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        s.metric, s.labels, c.day_n, c.hour_us, c.increase, c.gap_increase, c.resets, c.samples
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_counter_hour AS c
INNER JOIN dim_series AS s ON s.series_id = c.series_id
