-- name: long_runs
-- Grain: one row: first and last instant of runs longer than the cap, NULL when there is none.
-- Reads: stage_merged_run
-- Parameters: $cap_us
SELECT min(start_us) AS first_us, max(end_us) AS last_us
FROM stage_merged_run
WHERE end_us - start_us > $cap_us
