-- name: piece_rows
-- Grain: one row per event of this piece, in the order in which events are kept.
-- Reads: stage_piece, stage_event_kind
-- Parameters: -
-- As event_rows, for events whose kind has a number: its words are looked up after sorting, which then moves half as much.
SELECT
    e.tester_key, e.event_id, e.ts_us, e.day_n, k.feature_id, k.route, k.method, k.status, e.duration_ms,
    k.component, k.error_type, k.platform, e.properties
FROM (
    SELECT s.tester_key, s.event_id, s.ts_us, s.day_n, s.kind_n, s.duration_ms, s.properties
    FROM stage_piece AS s
    ORDER BY s.event_id, s.tester_key, s.ts_us
) AS e
LEFT JOIN stage_event_kind AS k ON k.kind_n = e.kind_n
