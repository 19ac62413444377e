-- name: fct_load
-- Grain: one row per source item: all its loads summed, with its present state.
-- Reads: load_ledger, source_state, raw_event, stage_source, stage_late
-- Parameters: $lateness_us, $previous_load
INSERT INTO fct_load
WITH ledger AS (
    SELECT
        source, item, min(target) AS target, max(started_us) AS attempt_us,
        max(CASE WHEN status = 'ok' THEN ended_us END) AS success_us, sum(read) AS read, sum(accepted) AS accepted,
        sum(duplicates) AS duplicates, sum(conflicting) AS conflicting, sum(quarantined) AS quarantined, sum(blank) AS blank
    FROM load_ledger
    GROUP BY source, item
), event_load AS (
    SELECT source, load_id, min(started_us) AS started_us, max(item) AS item, row_number() OVER (PARTITION BY source ORDER BY load_id) AS place
    FROM load_ledger
    WHERE target = 'raw_event' AND accepted > 0
    GROUP BY source, load_id
), late AS (
    -- the first load of a source brings its history: that is not late
    SELECT source, item, sum(late) AS late
    FROM (
        SELECT l.source, l.item, count(*) AS late
        FROM event_load AS l
        INNER JOIN raw_event AS e ON e.source = l.source AND e.load_id = l.load_id AND e.ts_us < l.started_us - $lateness_us
        WHERE l.place > 1 AND e.load_id > $previous_load
        GROUP BY l.source, l.item
        UNION ALL
        SELECT source, item, late FROM stage_late
    ) AS counted
    GROUP BY source, item
)
SELECT
    coalesce(g.source, s.source), coalesce(s.kind, k.kind, 'unknown'), coalesce(g.item, s.item), g.target,
    coalesce(s.last_attempt_us, g.attempt_us), coalesce(s.last_success_us, g.success_us), s.covers_from_us, s.covers_to_us,
    CAST(coalesce(g.read, 0) AS BIGINT), CAST(coalesce(g.accepted, 0) AS BIGINT), CAST(coalesce(g.duplicates, 0) AS BIGINT),
    CAST(coalesce(g.conflicting, 0) AS BIGINT), CAST(coalesce(g.quarantined, 0) AS BIGINT), CAST(coalesce(g.blank, 0) AS BIGINT),
    CAST(coalesce(l.late, 0) AS BIGINT), s.error, s.warnings
FROM ledger AS g
FULL OUTER JOIN source_state AS s ON s.source = g.source AND s.item = g.item
LEFT JOIN stage_source AS k ON k.source = coalesce(g.source, s.source)
LEFT JOIN late AS l ON l.source = g.source AND l.item = g.item
ORDER BY 1, 3
