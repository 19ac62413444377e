-- name: run
-- Grain: one row per run of active events.
-- Reads: the Parquet files of a landing
-- Parameters: $files
CREATE OR REPLACE TEMP TABLE folded_run AS
SELECT
    CAST(tester_key AS INTEGER) AS tester_key,
    CAST(start_us AS BIGINT) AS start_us,
    CAST(end_us AS BIGINT) AS end_us,
    CAST(day_n AS INTEGER) AS day_n,
    CAST(events AS BIGINT) AS events
FROM read_parquet($files)
