-- name: fct_gauge_hour
-- Grain: one row: how many rows fct_gauge_hour holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_gauge_hour, dim_series
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        s.metric, s.labels, g.day_n, g.hour_us, g.samples, g.value_sum, g.value_min, g.value_max, g.last_value, g.last_ts_ms
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_gauge_hour AS g
INNER JOIN dim_series AS s ON s.series_id = g.series_id
