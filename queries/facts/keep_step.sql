-- name: keep_step
-- Grain: one row per series and distance between a sample and the one before: those built, and those of the previous snapshot that are from before or of untouched series.
-- Reads: stage_step, previous.fct_step, stage_touched_series
-- Parameters: -
INSERT INTO fct_step
SELECT series_id, apart_ms, steps
FROM (
    SELECT series_id, apart_ms, steps FROM stage_step
    UNION ALL
    SELECT p.series_id, p.apart_ms, p.steps
    FROM previous.fct_step AS p
    LEFT JOIN stage_touched_series AS t ON t.series_id = p.series_id
    WHERE t.series_id IS NULL
) AS together
ORDER BY series_id, apart_ms
