-- name: add_gauge_hour
-- Grain: one row per gauge series, local day and UTC hour, of some series.
-- Reads: new_gauge_hour (registered while facts are built)
-- Parameters: -
INSERT INTO stage_gauge_hour
SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms FROM new_gauge_hour
