-- name: stage_kind
-- Grain: one row per series: whether its values only grow (counter arithmetic applies).
-- Reads: raw_series
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_kind AS
SELECT
    s.series_id,
    CASE
        WHEN s.type = 'counter' THEN NOT ends_with(s.metric, '_created')
        WHEN s.type = 'histogram' THEN ends_with(s.metric, '_bucket') OR ends_with(s.metric, '_sum') OR ends_with(s.metric, '_count')
        WHEN s.type = 'summary' THEN ends_with(s.metric, '_sum') OR ends_with(s.metric, '_count')
        -- a server that lost its metadata (a restart, back-filled blocks) leaves only the name to go by
        WHEN s.type = 'unknown' THEN
            ends_with(s.metric, '_total')
            OR (ends_with(s.metric, '_bucket') AND json_exists(s.labels, '$.le'))
            OR EXISTS (
                SELECT 1 FROM raw_series AS b
                WHERE b.source = s.source AND b.type = 'unknown'
                    AND b.metric IN (regexp_replace(s.metric, '_(sum|count)$', '_bucket'), regexp_replace(s.metric, '_(sum|count)$', ''))
                    AND b.metric <> s.metric AND (json_exists(b.labels, '$.le') OR json_exists(b.labels, '$.quantile'))
            )
        ELSE FALSE
    END AS is_counter
FROM raw_series AS s
