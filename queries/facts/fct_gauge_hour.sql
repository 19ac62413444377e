-- name: fct_gauge_hour
-- Grain: one row per gauge series, local day and UTC hour.
-- Reads: stage_sample, stage_kind
-- Parameters: -
INSERT INTO fct_gauge_hour
SELECT
    s.series_id, s.day_n, (s.ts_ms - s.ts_ms % 3600000) * 1000 AS hour_us, count(*), sum(s.value ORDER BY s.ts_ms),
    min(s.value), max(s.value), max_by(s.value, s.ts_ms), max(s.ts_ms)
FROM stage_sample AS s
INNER JOIN stage_kind AS k ON k.series_id = s.series_id AND NOT k.is_counter
GROUP BY s.series_id, s.day_n, hour_us
ORDER BY s.series_id, hour_us, s.day_n
