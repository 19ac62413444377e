-- name: sources/postgres/beta_analytics
-- Grain: one row per event, new ones and those of the overlap
-- Of event_data only the listed properties leave the server: no address, no user agent, no token.
-- They are put together as text: half the time of building a JSON object of them.
-- An instant that is infinite or out of range comes as text in bad_time.
-- Reads: beta_analytics
-- Parameters: settings beta.after_id, beta.since
SELECT
    id::bigint AS id,
    user_id::text AS user_id,
    event_type::text AS event,
    CASE WHEN server_timestamp BETWEEN '1970-01-01' AND '2200-01-01' THEN server_timestamp END AS ts_us,
    CASE WHEN client_timestamp BETWEEN '1970-01-01' AND '2200-01-01' THEN client_timestamp END AS client_ts_us,
    CASE WHEN server_timestamp NOT BETWEEN '1970-01-01' AND '2200-01-01' THEN server_timestamp::text END AS bad_time,
    coalesce(nullif(event_data ->> 'path', ''), nullif(event_data ->> 'route', ''), event_data ->> 'url', event_data ->> 'handler') AS path,
    event_data ->> 'method' AS method,
    coalesce(nullif(event_data ->> 'statusCode', ''), event_data ->> 'status_code') AS status,
    event_data ->> 'status' AS loose_status,
    coalesce(nullif(event_data ->> 'duration_ms', ''), event_data ->> 'duration') AS duration,
    event_data ->> 'feature' AS feature,
    coalesce(nullif(event_data ->> 'platform', ''), event_data #>> '{deviceInfo,platform}') AS platform,
    event_data ->> 'component' AS component,
    coalesce(nullif(event_data ->> 'error_type', ''), nullif(event_data ->> 'errorType', ''), event_data ->> 'type') AS error_type,
    CASE
        WHEN event_data ?| ARRAY['fatal', 'feedbackId', 'feedback_id', 'release', 'version', 'app_version', 'appVersion', 'success', 'screen', 'week']
        THEN '{' || concat_ws(',',
            '"fatal":' || jsonb_strip_nulls(event_data -> 'fatal')::text,
            '"feedbackId":' || jsonb_strip_nulls(event_data -> 'feedbackId')::text,
            '"feedback_id":' || jsonb_strip_nulls(event_data -> 'feedback_id')::text,
            '"release":' || jsonb_strip_nulls(event_data -> 'release')::text,
            '"version":' || jsonb_strip_nulls(event_data -> 'version')::text,
            '"app_version":' || jsonb_strip_nulls(event_data -> 'app_version')::text,
            '"appVersion":' || jsonb_strip_nulls(event_data -> 'appVersion')::text,
            '"success":' || jsonb_strip_nulls(event_data -> 'success')::text,
            '"screen":' || jsonb_strip_nulls(event_data -> 'screen')::text,
            '"week":' || jsonb_strip_nulls(event_data -> 'week')::text
        ) || '}'
    END AS properties
FROM beta_analytics
WHERE id > current_setting('beta.after_id')::bigint OR server_timestamp >= current_setting('beta.since')::timestamptz
