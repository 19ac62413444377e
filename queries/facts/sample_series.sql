-- name: sample_series
-- Grain: one row per series to build of a range: from when on, its kind and its interval in the previous snapshot.
-- Reads: stage_touched_series, stage_kind
-- Parameters: $first_id, $last_id
SELECT t.series_id, t.from_ms, k.is_counter, coalesce(t.old_interval_ms, -1) AS old_interval_ms
FROM stage_touched_series AS t
INNER JOIN stage_kind AS k ON k.series_id = t.series_id
WHERE t.series_id BETWEEN $first_id AND $last_id
ORDER BY t.series_id
