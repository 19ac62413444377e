-- name: event
-- Grain: one row per accepted event of a known user before as_of, in no order.
-- Reads: the Parquet files of a landing
-- Parameters: $files
CREATE OR REPLACE TEMP TABLE folded_event AS
SELECT
    CAST(tester_key AS INTEGER) AS tester_key,
    CAST(event_id AS INTEGER) AS event_id,
    CAST(ts_us AS BIGINT) AS ts_us,
    CAST(day_n AS INTEGER) AS day_n,
    CAST(feature_id AS INTEGER) AS feature_id,
    CAST(route AS VARCHAR) AS route,
    CAST(method AS VARCHAR) AS method,
    CAST(status AS INTEGER) AS status,
    CAST(duration_ms AS DOUBLE) AS duration_ms,
    CAST(component AS VARCHAR) AS component,
    CAST(error_type AS VARCHAR) AS error_type,
    CAST(platform AS VARCHAR) AS platform,
    CAST(properties AS VARCHAR) AS properties
FROM read_parquet($files)
