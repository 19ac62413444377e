-- name: operations/series_counter_hours
-- Grain: one row per series in $ids and hour: growth, its part over gaps, resets, samples.
-- Reads: fct_counter_hour
-- Parameters: $ids
SELECT series_id, hour_us, day_n, increase, gap_increase, resets, samples
FROM fct_counter_hour
WHERE list_contains($ids, series_id)
ORDER BY hour_us, series_id
