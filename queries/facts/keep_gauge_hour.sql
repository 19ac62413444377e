-- name: keep_gauge_hour
-- Grain: one row per gauge series, local day and UTC hour: those built, and those of the previous snapshot that are from before or of untouched series.
-- Reads: stage_gauge_hour, previous.fct_gauge_hour, stage_touched_series
-- Parameters: -
INSERT INTO fct_gauge_hour
SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms
FROM (
    SELECT series_id, day_n, hour_us, samples, value_sum, value_min, value_max, last_value, last_ts_ms FROM stage_gauge_hour
    UNION ALL
    SELECT p.series_id, p.day_n, p.hour_us, p.samples, p.value_sum, p.value_min, p.value_max, p.last_value, p.last_ts_ms
    FROM previous.fct_gauge_hour AS p
    LEFT JOIN stage_touched_series AS t ON t.series_id = p.series_id
    WHERE t.series_id IS NULL OR p.hour_us < t.from_ms * 1000
) AS together
ORDER BY series_id, hour_us, day_n
