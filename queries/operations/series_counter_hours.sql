-- name: operations/series_counter_hours
-- Grain: one row per series in $ids, local day and hour: growth, its part over gaps, resets, samples.
-- In no order: a reader that adds up fractions puts them in one.
-- Reads: fct_counter_hour
-- Parameters: $ids
SELECT f.series_id, f.hour_us, f.day_n, f.increase, f.gap_increase, f.resets, f.samples
FROM fct_counter_hour AS f
WHERE f.series_id IN (SELECT unnest($ids))
