-- name: touch_new_series
-- Grain: one row per series with samples loaded since the previous snapshot or dated after its as_of, or of another kind now.
-- It is built anew from the hour of the first such sample (from_ms), and read from the hour before in which it has any (since_ms).
-- Reads: raw_sample, stage_kind, previous.dim_series, previous.fct_counter_hour, previous.fct_gauge_hour
-- Parameters: $previous_load, $previous_as_of_us
CREATE OR REPLACE TEMP TABLE stage_touched_series AS
WITH fresh AS (
    SELECT series_id, min(ts_ms) AS first_ms FROM raw_sample WHERE load_id > $previous_load GROUP BY series_id
    UNION ALL
    SELECT series_id, min(ts_ms) FROM raw_sample WHERE ts_ms >= ($previous_as_of_us + 999) // 1000 GROUP BY series_id
    UNION ALL
    SELECT k.series_id, -9000000000000000 FROM stage_kind AS k
    WHERE (k.is_counter AND k.series_id IN (SELECT series_id FROM previous.fct_gauge_hour))
        OR (NOT k.is_counter AND k.series_id IN (SELECT series_id FROM previous.fct_counter_hour))
), touched AS (
    SELECT series_id, min(first_ms) - ((min(first_ms) % 3600000) + 3600000) % 3600000 AS from_ms FROM fresh GROUP BY series_id
), hour AS (
    SELECT series_id, hour_us // 1000 AS hour_ms FROM previous.fct_counter_hour
    UNION ALL
    SELECT series_id, hour_us // 1000 FROM previous.fct_gauge_hour
)
SELECT t.series_id, t.from_ms, coalesce(max(h.hour_ms), t.from_ms) AS since_ms, min(d.interval_ms) AS old_interval_ms
FROM touched AS t
LEFT JOIN hour AS h ON h.series_id = t.series_id AND h.hour_ms < t.from_ms
LEFT JOIN previous.dim_series AS d ON d.series_id = t.series_id
GROUP BY t.series_id, t.from_ms
