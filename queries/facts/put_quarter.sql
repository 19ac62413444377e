-- name: put_quarter
-- Grain: one row per source and quarter of an hour counted anew.
-- Reads: stage_merged_quarter
-- Parameters: -
INSERT INTO fct_event_quarter
SELECT source, quarter_n, records, first_us, last_us
FROM stage_merged_quarter
ORDER BY source, quarter_n
