-- name: sessions
-- Grain: one row per session that starts in the range, by start and tester. A session ends after more than $idle_us
-- without an event, when $cap_us after its start are passed, and at local midnight if asked for.
-- Reads: fct_event, dim_event, dim_feature, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $from_us, $day_numbers, $day_starts, $day_periods (the calendar),
--   $stored_days (the calendar is the snapshot's own), $act_event ('*' = any, NULL = active), $act_keys, $act_values,
--   $idle_us, $cap_us, $at_midnight
WITH RECURSIVE people AS (
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
stretched AS (
    SELECT tester_key, ts_us, sum(CASE WHEN ts_us - before_us <= $idle_us AND (NOT $at_midnight OR period = period_before)
                                       THEN 0 ELSE 1 END)
               OVER (PARTITION BY tester_key ORDER BY ts_us ROWS UNBOUNDED PRECEDING) AS stretch
    FROM (SELECT tester_key, ts_us, period, lag(ts_us) OVER history AS before_us, lag(period) OVER history AS period_before
          FROM located WINDOW history AS (PARTITION BY tester_key ORDER BY ts_us))
),
starts AS (
    SELECT tester_key, stretch, min(ts_us) AS start_us FROM stretched GROUP BY tester_key, stretch
    UNION ALL
    SELECT s.tester_key, s.stretch, min(e.ts_us)
    FROM starts s JOIN stretched e ON e.tester_key = s.tester_key AND e.stretch = s.stretch AND e.ts_us > s.start_us + $cap_us
    GROUP BY s.tester_key, s.stretch, s.start_us
),
sessions AS (
    SELECT e.tester_key, s.start_us, max(e.ts_us) AS end_us, count(*) AS events
    FROM stretched e ASOF JOIN starts s
      ON s.tester_key = e.tester_key AND s.stretch = e.stretch AND e.ts_us >= s.start_us
    GROUP BY e.tester_key, s.start_us
)
SELECT t.tester_id, s.start_us, s.end_us, s.events FROM sessions s JOIN dim_tester t USING (tester_key)
WHERE s.start_us >= $from_us ORDER BY s.start_us, t.tester_id
