-- name: stage_quarter_count
-- Grain: one row per source and quarter of an hour with events, anonymous ones too, of one piece of the raw store.
-- Reads: event_log, event_kind
-- Parameters: $first_row, $end_row, $after_load, $until_load, $from_us, $as_of_us
CREATE OR REPLACE TEMP TABLE stage_quarter_count AS
SELECT k.source, e.ts_us // 900000000 AS quarter_n, count(*) AS records, min(e.ts_us) AS first_us, max(e.ts_us) AS last_us
FROM event_log AS e
LEFT JOIN event_kind AS k ON k.kind_n = e.kind_n
WHERE e.rowid >= $first_row AND e.rowid < $end_row AND e.load_id > $after_load AND e.load_id <= $until_load
    AND e.ts_us >= $from_us AND e.ts_us < $as_of_us
GROUP BY k.source, quarter_n
