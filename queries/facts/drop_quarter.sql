-- name: drop_quarter
-- Grain: rows that are written anew go.
-- Reads: fct_event_quarter, stage_merged_quarter
-- Parameters: -
DELETE FROM fct_event_quarter AS o
USING stage_merged_quarter AS n
WHERE n.source = o.source AND n.quarter_n = o.quarter_n
