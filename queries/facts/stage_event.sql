-- name: stage_event
-- Grain: one row per event of this piece, with the words of its kind.
-- Reads: stage_piece, stage_event_kind
-- Parameters: -
CREATE OR REPLACE TEMP VIEW stage_event AS
SELECT
    e.tester_key, e.event_id, e.ts_us, e.day_n, k.feature_id, k.route, k.method, k.status, e.duration_ms,
    k.component, k.error_type, k.platform, e.properties
FROM stage_piece AS e
LEFT JOIN stage_event_kind AS k ON k.kind_n = e.kind_n
