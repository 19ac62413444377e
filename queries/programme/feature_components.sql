-- name: programme/feature_components
-- Grain: one row per declared feature: application errors of testers that count, on days of the programme, of a component that
-- bears the feature's name or a part of it, and the testers behind them.
-- Reads: dim_day, dim_week, dim_feature, dim_event, dim_tester, fct_event
-- Parameters: $error_events
WITH testers AS (SELECT tester_key FROM dim_tester WHERE on_roster AND excluded_reason IS NULL),
programme_days AS (SELECT day_n FROM dim_day WHERE is_over AND week <= (SELECT max(week) FROM dim_week)),
components AS (
    SELECT f.feature_id, count(e.ts_us) AS component_errors, count(DISTINCT e.tester_key) AS component_testers
    FROM fct_event e
    INNER JOIN dim_event n ON n.event_id = e.event_id AND list_contains($error_events, n.event)
    INNER JOIN testers t ON t.tester_key = e.tester_key
    INNER JOIN programme_days p ON p.day_n = e.day_n
    INNER JOIN dim_feature f
        ON e.component = f.feature OR (length(e.component) >= 4 AND list_contains(string_split(f.feature, '_'), e.component))
    WHERE e.component IS NOT NULL  -- whole files of events name none
    GROUP BY f.feature_id
)
SELECT
    f.feature, coalesce(c.component_errors, 0) AS component_errors, coalesce(c.component_testers, 0) AS component_testers
FROM dim_feature f
LEFT JOIN components c ON c.feature_id = f.feature_id
ORDER BY f.feature
