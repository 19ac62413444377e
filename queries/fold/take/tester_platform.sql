-- name: tester_platform
-- Grain: one row per tester and platform named in an event.
-- Reads: the Parquet files of a landing
-- Parameters: $files
CREATE OR REPLACE TEMP TABLE folded_tester_platform AS
SELECT
    CAST(tester_key AS INTEGER) AS tester_key,
    CAST(platform AS VARCHAR) AS platform,
    CAST(events AS BIGINT) AS events
FROM read_parquet($files)
