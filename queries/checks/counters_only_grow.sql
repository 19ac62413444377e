-- name: counters_only_grow
-- Grain: one row per hour in which a counter fell, or grew over gaps by more than it grew.
-- Reads: fct_counter_hour
-- Parameters: -
SELECT series_id, hour_us, increase, gap_increase
FROM fct_counter_hour
WHERE increase < 0 OR gap_increase < 0 OR gap_increase > increase * 1.000001 OR NOT isfinite(increase)
LIMIT 20
