-- name: retention_days
-- Grain: one row per cohort and column that has a returning tester; column 0 is the cohort's size.
-- The fast form: from tester-days, for questions about any or all active events in the snapshot's own time zone.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_periods (the calendar),
--   $start_event, $return_event ('*' = any, NULL = active), $rule (first-ever | first-in-range | recurring),
--   $own_days (units are days after the own first day, not periods), $step (units a column number spans),
--   $col_low, $col_high (columns 1.. as ranges of numbers), $least (returns needed), $after (on or after),
--   $plain (no counting over several units is needed: see retention.py)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_periods::INTEGER[]) AS period
),
columns AS (
    SELECT generate_subscripts($col_low::INTEGER[], 1) AS col, unnest($col_low::INTEGER[]) AS low,
           unnest($col_high::INTEGER[]) AS high
),
numbers AS (
    SELECT col, unnest(range(low, high + 1)) AS number FROM columns
),
placed AS (
    SELECT t.tester_key, coalesce(d.period, -1) AS period,
           CASE WHEN $own_days THEN t.day_n ELSE coalesce(d.period, -1) END AS unit,
           CASE WHEN $start_event::VARCHAR = '*' THEN t.events ELSE t.active_events END AS starts,
           CASE WHEN $return_event::VARCHAR = '*' THEN t.events ELSE t.active_events END AS returns
    FROM fct_tester_day t SEMI JOIN people USING (tester_key) LEFT JOIN days d ON d.day_n = t.day_n
    WHERE t.first_us < $until_us
),
entries AS (
    SELECT tester_key, min(period) AS cohort, min(unit) AS anchor FROM placed
    WHERE starts > 0 AND ($rule = 'first-ever' OR period >= 0)
    GROUP BY tester_key, CASE WHEN $rule = 'recurring' THEN period END
    HAVING min(period) >= 0
),
returns AS (
    SELECT tester_key, unit, sum(returns) AS times FROM placed WHERE returns > 0 AND period >= 0 GROUP BY ALL
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
