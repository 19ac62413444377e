-- name: add_counter_hour
-- Grain: one row per series of counter kind, local day and UTC hour of the END sample, of some series.
-- Reads: new_counter_hour (registered while facts are built)
-- Parameters: -
INSERT INTO stage_counter_hour
SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples FROM new_counter_hour
