-- name: keys_moved
-- Grain: one row: how many numbers of the previous snapshot mean something else now.
-- Reads: previous.dim_tester, previous.dim_event, previous.dim_series, stage_tester, event_key, raw_series
-- Parameters: -
-- Pseudonyms are compared by hash: half a million texts in a hash table take twice as long.
SELECT
    (SELECT count(*) FROM previous.dim_tester AS o
        LEFT JOIN (SELECT tester_key, hash(tester_id) AS print FROM stage_tester) AS n ON n.tester_key = o.tester_key
        WHERE n.print IS DISTINCT FROM hash(o.tester_id))
    + (SELECT count(*) FROM previous.dim_event AS o LEFT JOIN event_key AS n ON n.event_id = o.event_id
        WHERE n.event IS DISTINCT FROM o.event)
    + (SELECT count(*) FROM previous.dim_series AS o LEFT JOIN raw_series AS n ON n.series_id = o.series_id
        WHERE n.metric IS DISTINCT FROM o.metric OR n.labels IS DISTINCT FROM o.labels) AS moved
