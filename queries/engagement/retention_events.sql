-- name: retention_events
-- Grain: one row per cohort and column that has a returning tester; column 0 is the cohort's size.
-- The general form: from single events, for any time zone, event, filter and window.
-- Reads: fct_event, dim_event, dim_feature, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_starts, $day_periods (the calendar),
--   $stored_days (the calendar is the snapshot's own), $clock (period | day | hour: what a unit is),
--   $start_event, $return_event ('*' = any, NULL = active), $start_keys, $start_values, $return_keys, $return_values,
--   $rule (first-ever | first-in-range | recurring), $step (units a column number spans),
--   $col_low, $col_high (columns 1.. as ranges of numbers), $least (returns needed), $after (on or after),
--   $plain (no counting over several units is needed: see retention.py)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_starts::BIGINT[]) AS start_us,
           unnest($day_periods::INTEGER[]) AS period
),
columns AS (
    SELECT generate_subscripts($col_low::INTEGER[], 1) AS col, unnest($col_low::INTEGER[]) AS low,
           unnest($col_high::INTEGER[]) AS high
),
numbers AS (
    SELECT col, unnest(range(low, high + 1)) AS number FROM columns
),
names AS (
    SELECT event_id,
           CASE WHEN $start_event::VARCHAR IS NULL THEN is_active ELSE $start_event IN ('*', event) END AS starts,
           CASE WHEN $return_event::VARCHAR IS NULL THEN is_active ELSE $return_event IN ('*', event) END AS returns
    FROM dim_event
),
candidates AS (
    SELECT e.tester_key, e.ts_us, e.day_n, n.starts AND (len($start_keys::VARCHAR[]) = 0 OR list_bool_and(
               list_transform(range(1, len($start_keys::VARCHAR[]) + 1), lambda i: coalesce(coalesce(
            json_extract_string(e.properties, '$."' || ($start_keys::VARCHAR[])[i] || '"'),
            CASE ($start_keys::VARCHAR[])[i] WHEN 'route' THEN e.route WHEN 'method' THEN e.method
                        WHEN 'status' THEN e.status::VARCHAR WHEN 'component' THEN e.component
                        WHEN 'error_type' THEN e.error_type WHEN 'platform' THEN e.platform
                        WHEN 'feature' THEN f.feature END)
                   = ($start_values::VARCHAR[])[i], FALSE)))) AS starts,
           n.returns AND (len($return_keys::VARCHAR[]) = 0 OR list_bool_and(
               list_transform(range(1, len($return_keys::VARCHAR[]) + 1), lambda i: coalesce(coalesce(
            json_extract_string(e.properties, '$."' || ($return_keys::VARCHAR[])[i] || '"'),
            CASE ($return_keys::VARCHAR[])[i] WHEN 'route' THEN e.route WHEN 'method' THEN e.method
                        WHEN 'status' THEN e.status::VARCHAR WHEN 'component' THEN e.component
                        WHEN 'error_type' THEN e.error_type WHEN 'platform' THEN e.platform
                        WHEN 'feature' THEN f.feature END)
                   = ($return_values::VARCHAR[])[i], FALSE)))) AS returns
    FROM fct_event e JOIN names n ON n.event_id = e.event_id AND (n.starts OR n.returns)
    SEMI JOIN people ON people.tester_key = e.tester_key
    LEFT JOIN dim_feature f ON f.feature_id = e.feature_id
    WHERE e.ts_us < $until_us
),
located AS (
    SELECT c.tester_key, c.ts_us, c.starts, c.returns, d.day_n, coalesce(d.period, -1) AS period
    FROM candidates c LEFT JOIN days d ON d.day_n = c.day_n WHERE $stored_days
    UNION ALL
    SELECT c.tester_key, c.ts_us, c.starts, c.returns, d.day_n, coalesce(d.period, -1)
    FROM candidates c ASOF LEFT JOIN days d ON c.ts_us >= d.start_us WHERE NOT $stored_days
),
placed AS (
    SELECT tester_key, period, starts, returns,
           CASE $clock WHEN 'hour' THEN ts_us // 3600000000 WHEN 'day' THEN day_n ELSE period END AS unit
    FROM located
),
entries AS (
    SELECT tester_key, min(period) AS cohort, min(unit) AS anchor FROM placed
    WHERE starts AND ($rule = 'first-ever' OR period >= 0)
    GROUP BY tester_key, CASE WHEN $rule = 'recurring' THEN period END
    HAVING min(period) >= 0
),
returns AS (
    SELECT tester_key, unit, count(*) AS times FROM placed WHERE returns AND period >= 0 GROUP BY ALL
),
hits AS (
    SELECT e.tester_key, e.cohort, (r.unit - e.anchor) // $step AS number, sum(r.times) AS times
    FROM entries e JOIN returns r ON r.tester_key = e.tester_key AND r.unit > e.anchor
    WHERE NOT $plain GROUP BY ALL
),
met AS (
    SELECT h.tester_key, h.cohort, n.col FROM hits h JOIN numbers n ON n.number = h.number
    WHERE NOT $after GROUP BY ALL HAVING sum(h.times) >= $least
),
on_numbers AS (
    SELECT e.cohort, r.unit - e.anchor AS number, count(*) AS testers
    FROM entries e JOIN returns r ON r.tester_key = e.tester_key AND r.unit > e.anchor
    WHERE $plain AND NOT $after AND r.times >= $least GROUP BY ALL
),
lasts AS (
    SELECT tester_key, max(unit) AS unit FROM returns WHERE $plain AND $after AND times >= $least GROUP BY tester_key
),
furthest AS (
    SELECT e.cohort, (l.unit - e.anchor) // $step AS number, count(*) AS testers
    FROM entries e JOIN lasts l ON l.tester_key = e.tester_key AND l.unit > e.anchor GROUP BY ALL
    UNION ALL
    SELECT cohort, number, count(*) FROM (
        SELECT tester_key, cohort, max(number) AS number FROM hits WHERE $after AND times >= $least GROUP BY ALL
    ) AS furthest_hits GROUP BY ALL
),
cells AS (
    SELECT cohort, col, count(*) AS testers FROM met GROUP BY cohort, col
    UNION ALL
    SELECT o.cohort, n.col, o.testers FROM on_numbers o JOIN numbers n ON n.number = o.number
    UNION ALL
    SELECT f.cohort, c.col, sum(f.testers) FROM furthest f JOIN columns c ON f.number >= c.low GROUP BY f.cohort, c.col
)
SELECT cohort, 0 AS col, count(*) AS testers, max(anchor) AS last_anchor FROM entries GROUP BY cohort
UNION ALL
SELECT cohort, col, testers::BIGINT, NULL FROM cells
ORDER BY cohort, col
