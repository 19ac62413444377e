-- name: sources/postgres/since
-- Grain: one row; where the next event query starts
-- Reads: -
-- Parameters: $1 = highest id read so far, $2 = instant (text) from which rows are read again
SELECT set_config('beta.after_id', $1, true), set_config('beta.since', $2, true)
