-- name: stage_feed_rows
-- Grain: one row per source, kind of record and local day: how many there are.
-- Reads: fct_event_quarter, raw_tester, raw_invitation, raw_feedback, stage_beat, stage_quarter
-- Parameters: $as_of_us
CREATE OR REPLACE TEMP TABLE stage_feed_rows AS
SELECT r.source, r.item, q.day_n, CAST(sum(r.records) AS BIGINT) AS records
FROM (
    SELECT source, 'events' AS item, quarter_n, records FROM fct_event_quarter
    UNION ALL
    SELECT source, 'testers', joined_us // 900000000 AS quarter_n, count(*) FROM raw_tester WHERE joined_us < $as_of_us GROUP BY source, quarter_n
    UNION ALL
    SELECT source, 'invitations', created_us // 900000000 AS quarter_n, count(*)
    FROM raw_invitation WHERE created_us < $as_of_us GROUP BY source, quarter_n
    UNION ALL
    SELECT source, 'feedback', created_us // 900000000 AS quarter_n, count(*)
    FROM raw_feedback WHERE created_us < $as_of_us GROUP BY source, quarter_n
    UNION ALL
    SELECT source, 'samples ' || item, ts_ms // 900000 AS quarter_n, count(*) FROM stage_beat GROUP BY source, item, quarter_n
) AS r
INNER JOIN stage_quarter AS q ON q.quarter_n = r.quarter_n
GROUP BY r.source, r.item, q.day_n
