-- name: quarters
-- Grain: one row per quarter of an hour of the calendar and its local day; none is missing between the first and the last.
-- Reads: stage_quarter
-- Parameters: -
SELECT quarter_n, day_n FROM stage_quarter ORDER BY quarter_n
