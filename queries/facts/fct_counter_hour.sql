-- name: fct_counter_hour
-- Grain: one row per series of counter kind, local day and UTC hour of the END sample.
-- Reads: stage_sample, stage_kind, stage_interval
-- Parameters: -
INSERT INTO fct_counter_hour
WITH step AS (
    SELECT
        s.series_id, s.day_n, s.ts_ms - s.ts_ms % 3600000 AS hour_ms, s.ts_ms,
        CASE
            WHEN s.before_value IS NULL THEN 0
            WHEN s.value < s.before_value THEN CASE WHEN s.value > 0 THEN s.value ELSE 0 END
            ELSE s.value - s.before_value
        END AS increase,
        CASE WHEN s.value < s.before_value THEN 1 ELSE 0 END AS is_reset,
        s.ts_ms - s.before_ms > 2 * i.interval_ms AS over_gap
    FROM stage_sample AS s
    INNER JOIN stage_kind AS k ON k.series_id = s.series_id AND k.is_counter
    LEFT JOIN stage_interval AS i ON i.series_id = s.series_id
)
-- summed in order of time: the same bits whatever the threads, the loads or the source did
SELECT
    series_id, day_n, hour_ms * 1000, sum(increase ORDER BY ts_ms),
    coalesce(sum(CASE WHEN over_gap THEN increase END ORDER BY ts_ms), 0), sum(is_reset), count(*)
FROM step
GROUP BY series_id, day_n, hour_ms
ORDER BY series_id, hour_ms, day_n
