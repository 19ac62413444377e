-- name: tester_day
-- Grain: one row per tester and local day with at least one event.
-- Reads: the Parquet files of a landing
-- Parameters: $files
CREATE OR REPLACE TEMP TABLE folded_tester_day AS
SELECT
    CAST(tester_key AS INTEGER) AS tester_key,
    CAST(day_n AS INTEGER) AS day_n,
    CAST(events AS BIGINT) AS events,
    CAST(active_events AS BIGINT) AS active_events,
    CAST(feature_mask AS BIGINT) AS feature_mask,
    CAST(first_us AS BIGINT) AS first_us,
    CAST(last_us AS BIGINT) AS last_us,
    CAST(first_active_us AS BIGINT) AS first_active_us,
    CAST(requests AS BIGINT) AS requests,
    CAST(failed_requests AS BIGINT) AS failed_requests,
    CAST(slow_requests AS BIGINT) AS slow_requests,
    CAST(request_us AS BIGINT) AS request_us,
    CAST(app_errors AS BIGINT) AS app_errors
FROM read_parquet($files)
