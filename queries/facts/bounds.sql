-- name: bounds
-- Grain: one row: first and last instant of anything that needs a local day.
-- Reads: event_log, raw_sample, raw_feedback, fct_event_part
-- Parameters: $as_of_us, $previous_load, $previous_as_of_us
WITH instants AS (
    SELECT min(first_us) AS first_us, max(last_us) AS last_us FROM fct_event_part
    UNION ALL
    SELECT min(ts_us), max(ts_us) FROM event_log WHERE load_id > $previous_load AND ts_us < $as_of_us AND user_id IS NOT NULL
    UNION ALL
    SELECT min(ts_us), max(ts_us) FROM event_log WHERE ts_us >= $previous_as_of_us AND ts_us < $as_of_us AND user_id IS NOT NULL
    UNION ALL
    SELECT min(created_us), max(created_us) FROM raw_feedback WHERE created_us < $as_of_us
    UNION ALL
    SELECT min(ts_ms) * 1000, max(ts_ms) * 1000 FROM raw_sample WHERE ts_ms * 1000 < $as_of_us
)
SELECT min(first_us) AS first_us, max(last_us) AS last_us FROM instants
