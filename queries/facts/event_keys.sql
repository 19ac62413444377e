-- name: event_keys
-- Grain: new event names get the next numbers, in order of name.
-- Reads: raw_event, event_key
-- Parameters: $previous_load, $previous_as_of_us, $as_of_us
INSERT INTO event_key (event, event_id)
SELECT n.event, (SELECT coalesce(max(k.event_id), 0) FROM event_key AS k) + row_number() OVER (ORDER BY n.event)
FROM (
    SELECT event FROM raw_event WHERE load_id > $previous_load AND ts_us < $as_of_us AND user_id IS NOT NULL
    UNION
    SELECT event FROM raw_event WHERE ts_us >= $previous_as_of_us AND ts_us < $as_of_us AND user_id IS NOT NULL
) AS n
WHERE n.event NOT IN (SELECT event FROM event_key)
ORDER BY n.event
