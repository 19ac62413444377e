-- name: previous_steps
-- Grain: rows of the previous snapshot for the series to build of a range.
-- Reads: previous.fct_step, stage_touched_series
-- Parameters: $first_id, $last_id
SELECT p.series_id, p.apart_ms, p.steps
FROM previous.fct_step AS p
INNER JOIN stage_touched_series AS t ON t.series_id = p.series_id
WHERE p.series_id BETWEEN $first_id AND $last_id
