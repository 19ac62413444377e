-- name: fct_counter_hour
-- Grain: one row per series of counter kind, local day and UTC hour of the END sample.
-- Reads: stage_counter_hour
-- Parameters: -
INSERT INTO fct_counter_hour
SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples
FROM stage_counter_hour
ORDER BY series_id, hour_us, day_n
