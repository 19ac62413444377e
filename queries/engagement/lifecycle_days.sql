-- name: lifecycle_days
-- Grain: one row per period with testers that are new, returning, resurrecting or dormant in it.
-- The fast form: from tester-days. Periods before the range: -1 = the one before, -2 = any earlier.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_periods (the calendar), $act_event
--   ('*' = any event, NULL = the active list)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_periods::INTEGER[]) AS period
),
activity AS (
    SELECT DISTINCT t.tester_key, coalesce(d.period, -2) AS period
    FROM fct_tester_day t SEMI JOIN people USING (tester_key) LEFT JOIN days d ON d.day_n = t.day_n
    WHERE t.first_us < $until_us AND CASE WHEN $act_event::VARCHAR = '*' THEN t.events ELSE t.active_events END > 0
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
