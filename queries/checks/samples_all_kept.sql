-- name: samples_all_kept
-- Grain: one row when the hourly facts count more or fewer samples than the raw store has before as_of.
-- Reads: raw_sample, fct_counter_hour, fct_gauge_hour
-- Parameters: $as_of_us
SELECT r.records AS raw_samples, f.records AS fact_samples
FROM (SELECT count(*) AS records FROM raw_sample WHERE ts_ms * 1000 < $as_of_us) AS r
CROSS JOIN (
    SELECT (SELECT coalesce(sum(samples), 0) FROM fct_counter_hour) + (SELECT coalesce(sum(samples), 0) FROM fct_gauge_hour) AS records
) AS f
WHERE r.records <> f.records
