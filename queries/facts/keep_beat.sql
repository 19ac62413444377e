-- name: keep_beat
-- Grain: one row per scrape target and instant at which it was seen alive: those of the previous snapshot, of samples that came
-- since or were ahead of its as_of, and every one of targets that are told by other series now.
-- Reads: raw_sample, stage_target_series, stage_moved_target, previous.fct_beat
-- Parameters: $as_of_us, $previous_load, $previous_as_of_us
INSERT INTO fct_beat
WITH fresh AS (
    SELECT series_id, ts_ms, value FROM raw_sample WHERE load_id > $previous_load
    UNION ALL
    SELECT series_id, ts_ms, value FROM raw_sample WHERE ts_ms >= ($previous_as_of_us + 999) // 1000
    UNION ALL
    SELECT s.series_id, s.ts_ms, s.value
    FROM raw_sample AS s
    INNER JOIN stage_target_series AS t ON t.series_id = s.series_id
    INNER JOIN stage_moved_target AS m ON m.target_id = t.target_id
), beat AS (
    SELECT t.target_id, f.ts_ms
    FROM fresh AS f
    INNER JOIN stage_target_series AS t ON t.series_id = f.series_id AND t.tells
    WHERE f.ts_ms < ($as_of_us + 999) // 1000 AND (NOT t.is_up OR f.value > 0)
    UNION
    SELECT p.target_id, p.ts_ms
    FROM previous.fct_beat AS p
    WHERE p.target_id IN (SELECT target_id FROM stage_target_series) AND p.target_id NOT IN (SELECT target_id FROM stage_moved_target)
)
SELECT target_id, ts_ms FROM beat ORDER BY target_id, ts_ms
