-- name: lifecycle_events
-- Grain: one row per period with testers that are new, returning, resurrecting or dormant in it.
-- The general form: from single events. Periods before the range: -1 = the one before, -2 = any earlier.
-- Reads: fct_event, dim_event, dim_feature, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_starts, $day_periods (the calendar),
--   $stored_days (the calendar is the snapshot's own), $act_event ('*' = any, NULL = active), $act_keys, $act_values
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
    SELECT c.tester_key, c.ts_us, coalesce(d.period, -2) AS period
    FROM candidates c LEFT JOIN days d ON d.day_n = c.day_n WHERE $stored_days
    UNION ALL
    SELECT c.tester_key, c.ts_us, coalesce(d.period, -2)
    FROM candidates c ASOF LEFT JOIN days d ON c.ts_us >= d.start_us WHERE NOT $stored_days
),
activity AS (
    SELECT DISTINCT tester_key, period FROM located
),
neighbours AS (
    SELECT tester_key, period, lag(period) OVER history AS previous, lead(period) OVER history AS following
    FROM activity WINDOW history AS (PARTITION BY tester_key ORDER BY period)
),
states AS (
    SELECT period, CASE WHEN previous IS NULL THEN 'new' WHEN previous = period - 1 THEN 'returning'
                        ELSE 'resurrecting' END AS state
    FROM neighbours WHERE period >= 0
    UNION ALL
    SELECT period + 1, 'dormant' FROM neighbours WHERE period >= -1 AND following IS DISTINCT FROM period + 1
)
SELECT period, count(*) FILTER (state = 'new') AS new, count(*) FILTER (state = 'returning') AS returning,
       count(*) FILTER (state = 'resurrecting') AS resurrecting, count(*) FILTER (state = 'dormant') AS dormant
FROM states GROUP BY period ORDER BY period
