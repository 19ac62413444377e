-- name: print_moved_day
-- Grain: one row per local day that a piece touched; a day may come again with another piece.
-- Reads: stage_moved_day
-- Parameters: -
INSERT INTO stage_print_day
SELECT DISTINCT day_n FROM stage_moved_day
