-- name: keep_reset
-- Grain: one row per counter reset: those built, and those of the previous snapshot that are from before or of untouched series.
-- Reads: stage_reset, previous.fct_reset, stage_touched_series
-- Parameters: -
INSERT INTO fct_reset
SELECT series_id, ts_ms, value_before, value_after
FROM (
    SELECT series_id, ts_ms, value_before, value_after FROM stage_reset
    UNION ALL
    SELECT p.series_id, p.ts_ms, p.value_before, p.value_after
    FROM previous.fct_reset AS p
    LEFT JOIN stage_touched_series AS t ON t.series_id = p.series_id
    WHERE t.series_id IS NULL OR p.ts_ms < t.from_ms
) AS together
ORDER BY series_id, ts_ms
