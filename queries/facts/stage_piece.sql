-- name: stage_piece
-- Grain: one row per accepted event of a known user before as_of, of one piece of the raw store; its words are a number.
-- Reads: event_log, stage_person, stage_event_kind, stage_quarter
-- Parameters: $first_row, $end_row, $after_load, $until_load, $from_us, $as_of_us
-- Every kind and every quarter has its row. The outer joins say so to the engine: after inner ones it expects next to no events,
-- and makes a hash table of all their texts in place of one of persons, which takes four times as long.
CREATE OR REPLACE TEMP TABLE stage_piece AS
SELECT p.tester_key, k.event_id, e.ts_us, q.day_n, e.kind_n, e.duration_ms, e.properties
FROM event_log AS e
INNER JOIN stage_person AS p ON p.user_id = e.user_id
LEFT JOIN stage_event_kind AS k ON k.kind_n = e.kind_n
LEFT JOIN stage_quarter AS q ON q.quarter_n = e.ts_us // 900000000
WHERE e.rowid >= $first_row AND e.rowid < $end_row AND e.load_id > $after_load AND e.load_id <= $until_load
    AND e.ts_us >= $from_us AND e.ts_us < $as_of_us
