-- name: put_part
-- Grain: one row: the part of the events that was written just now, with the sum of its rows' hashes by names and values.
-- Reads: stage_event, stage_tester, fold_name, fold_feature
-- Parameters: $file
INSERT INTO fct_event_part
SELECT
    $file, count(*), min(e.ts_us), max(e.ts_us),
    coalesce(sum(CAST(hash(
        t.tester_id, n.event, e.ts_us, e.day_n, f.feature, e.route, e.method, e.status, e.duration_ms, e.component,
        e.error_type, e.platform, e.properties
    ) AS HUGEINT)), 0)
FROM stage_event AS e
INNER JOIN stage_tester AS t ON t.tester_key = e.tester_key
INNER JOIN fold_name AS n ON n.event_id = e.event_id
LEFT JOIN fold_feature AS f ON f.feature_id = e.feature_id
