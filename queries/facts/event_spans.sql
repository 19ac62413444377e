-- name: event_spans
-- Grain: one row: the row numbers in the raw store from the first event loaded after a load to the end, and how many of older
-- loads have become due since an instant.
-- Reads: event_log
-- Parameters: $previous_load, $previous_as_of_us, $as_of_us
SELECT
    (SELECT min(rowid) FROM event_log WHERE load_id > $previous_load) AS first_row,
    (SELECT max(rowid) + 1 FROM event_log WHERE load_id > $previous_load) AS end_row,
    (SELECT count(*) FROM event_log WHERE load_id <= $previous_load AND ts_us >= $previous_as_of_us AND ts_us < $as_of_us) AS due
