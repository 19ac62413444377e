-- name: sources/postgres/analytics_events
-- Grain: one row per event of the overlap and later; its id is a UUID, so only time orders it
-- Of properties only the listed properties leave the server: no address, no user agent, no token.
-- They are put together as text: half the time of building a JSON object of them.
-- An instant that is infinite or out of range comes as text in bad_time.
-- Reads: analytics_events
-- Parameters: setting beta.since
SELECT
    id::text AS id,
    user_id::text AS user_id,
    event_name::text AS event,
    CASE WHEN "timestamp" BETWEEN '1970-01-01' AND '2200-01-01' THEN "timestamp" END AS ts_us,
    CASE WHEN "timestamp" NOT BETWEEN '1970-01-01' AND '2200-01-01' THEN "timestamp"::text END AS bad_time,
    coalesce(nullif(properties ->> 'path', ''), nullif(properties ->> 'route', ''), properties ->> 'url', properties ->> 'handler') AS path,
    properties ->> 'method' AS method,
    coalesce(nullif(properties ->> 'statusCode', ''), properties ->> 'status_code') AS status,
    properties ->> 'status' AS loose_status,
    coalesce(nullif(properties ->> 'duration_ms', ''), properties ->> 'duration') AS duration,
    properties ->> 'feature' AS feature,
    coalesce(nullif(properties ->> 'platform', ''), properties #>> '{deviceInfo,platform}') AS platform,
    properties ->> 'component' AS component,
    coalesce(nullif(properties ->> 'error_type', ''), nullif(properties ->> 'errorType', ''), properties ->> 'type') AS error_type,
    CASE
        WHEN properties ?| ARRAY['fatal', 'feedbackId', 'feedback_id', 'release', 'version', 'app_version', 'appVersion', 'success', 'screen', 'week']
        THEN '{' || concat_ws(',',
            '"fatal":' || jsonb_strip_nulls(properties -> 'fatal')::text,
            '"feedbackId":' || jsonb_strip_nulls(properties -> 'feedbackId')::text,
            '"feedback_id":' || jsonb_strip_nulls(properties -> 'feedback_id')::text,
            '"release":' || jsonb_strip_nulls(properties -> 'release')::text,
            '"version":' || jsonb_strip_nulls(properties -> 'version')::text,
            '"app_version":' || jsonb_strip_nulls(properties -> 'app_version')::text,
            '"appVersion":' || jsonb_strip_nulls(properties -> 'appVersion')::text,
            '"success":' || jsonb_strip_nulls(properties -> 'success')::text,
            '"screen":' || jsonb_strip_nulls(properties -> 'screen')::text,
            '"week":' || jsonb_strip_nulls(properties -> 'week')::text
        ) || '}'
    END AS properties
FROM analytics_events
WHERE "timestamp" >= current_setting('beta.since')::timestamptz
