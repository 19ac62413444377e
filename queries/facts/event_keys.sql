-- name: event_keys
-- Grain: new event names get the next numbers, in order of name.
-- Reads: event_log, event_kind, event_key
-- Parameters: $previous_load, $previous_as_of_us, $as_of_us
INSERT INTO event_key (event, event_id)
SELECT n.event, (SELECT coalesce(max(k.event_id), 0) FROM event_key AS k) + row_number() OVER (ORDER BY n.event)
FROM (
    SELECT DISTINCT d.event
    FROM event_kind AS d
    WHERE d.kind_n IN (
        SELECT kind_n FROM event_log WHERE load_id > $previous_load AND ts_us < $as_of_us AND user_id IS NOT NULL
        UNION
        SELECT kind_n FROM event_log WHERE ts_us >= $previous_as_of_us AND ts_us < $as_of_us AND user_id IS NOT NULL
    )
) AS n
WHERE n.event NOT IN (SELECT event FROM event_key)
ORDER BY n.event
