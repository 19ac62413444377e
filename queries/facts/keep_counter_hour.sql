-- name: keep_counter_hour
-- Grain: one row per series of counter kind, local day and UTC hour of the END sample: those built, and those of the previous snapshot that are from before or of untouched series.
-- Reads: stage_counter_hour, previous.fct_counter_hour, stage_touched_series
-- Parameters: -
INSERT INTO fct_counter_hour
SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples
FROM (
    SELECT series_id, day_n, hour_us, increase, gap_increase, resets, samples FROM stage_counter_hour
    UNION ALL
    SELECT p.series_id, p.day_n, p.hour_us, p.increase, p.gap_increase, p.resets, p.samples
    FROM previous.fct_counter_hour AS p
    LEFT JOIN stage_touched_series AS t ON t.series_id = p.series_id
    WHERE t.series_id IS NULL OR p.hour_us < t.from_ms * 1000
) AS together
ORDER BY series_id, hour_us, day_n
