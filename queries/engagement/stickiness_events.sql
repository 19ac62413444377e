-- name: stickiness_events
-- Grain: one row per number of active periods, with the testers that have exactly so many.
-- The general form: from single events.
-- Reads: fct_event, dim_event, dim_feature, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_starts, $day_periods (the calendar),
--   $stored_days (the calendar is the snapshot's own), $act_event ('*' = any, NULL = active), $act_keys, $act_values,
--   $at_least, $at_most (events in a period for it to count; NULL = no bound)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_starts::BIGINT[]) AS start_us,
           unnest($day_periods::INTEGER[]) AS period
),
names AS (
    SELECT event_id FROM dim_event
    WHERE CASE WHEN $act_event::VARCHAR IS NULL THEN is_active ELSE $act_event IN ('*', event) END
),
candidates AS (
    SELECT e.tester_key, e.ts_us, e.day_n
    FROM fct_event e JOIN names n ON n.event_id = e.event_id SEMI JOIN people ON people.tester_key = e.tester_key
    LEFT JOIN dim_feature f ON f.feature_id = e.feature_id
    WHERE e.ts_us < $until_us AND (len($act_keys::VARCHAR[]) = 0 OR list_bool_and(
        list_transform(range(1, len($act_keys::VARCHAR[]) + 1), lambda i: coalesce(coalesce(
            json_extract_string(e.properties, '$."' || ($act_keys::VARCHAR[])[i] || '"'),
            CASE ($act_keys::VARCHAR[])[i] WHEN 'route' THEN e.route WHEN 'method' THEN e.method
                 WHEN 'status' THEN e.status::VARCHAR WHEN 'component' THEN e.component
                 WHEN 'error_type' THEN e.error_type WHEN 'platform' THEN e.platform
                 WHEN 'feature' THEN f.feature END)
            = ($act_values::VARCHAR[])[i], FALSE))))
),
located AS (
    SELECT c.tester_key, c.ts_us, coalesce(d.period, -1) AS period
    FROM candidates c LEFT JOIN days d ON d.day_n = c.day_n WHERE $stored_days
    UNION ALL
    SELECT c.tester_key, c.ts_us, coalesce(d.period, -1)
    FROM candidates c ASOF LEFT JOIN days d ON c.ts_us >= d.start_us WHERE NOT $stored_days
),
per_period AS (
    SELECT tester_key, period, count(*) AS times FROM located WHERE period >= 0 GROUP BY ALL
),
per_tester AS (
    SELECT tester_key, count(*) AS periods FROM per_period
    WHERE ($at_least::BIGINT IS NULL OR times >= $at_least) AND ($at_most::BIGINT IS NULL OR times <= $at_most)
    GROUP BY tester_key
)
SELECT periods, count(*) AS testers FROM per_tester GROUP BY periods ORDER BY periods
