-- name: long_event
-- Grain: one row per active event of a run longer than the cap.
-- Reads: the Parquet files of a landing
-- Parameters: $files
CREATE OR REPLACE TEMP TABLE folded_long_event AS
SELECT
    CAST(tester_key AS INTEGER) AS tester_key,
    CAST(run_us AS BIGINT) AS run_us,
    CAST(ts_us AS BIGINT) AS ts_us,
    CAST(day_n AS INTEGER) AS day_n
FROM read_parquet($files)
