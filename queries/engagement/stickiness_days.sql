-- name: stickiness_days
-- Grain: one row per number of active periods, with the testers that have exactly so many.
-- The fast form: from tester-days.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers, $day_periods (the calendar), $act_event
--   ('*' = any event, NULL = the active list), $at_least, $at_most (events in a period for it to count; NULL = no bound)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_periods::INTEGER[]) AS period
),
per_period AS (
    SELECT t.tester_key, d.period, sum(CASE WHEN $act_event::VARCHAR = '*' THEN t.events ELSE t.active_events END) AS times
    FROM fct_tester_day t SEMI JOIN people USING (tester_key) JOIN days d ON d.day_n = t.day_n
    WHERE t.first_us < $until_us GROUP BY ALL HAVING times > 0
),
per_tester AS (
    SELECT tester_key, count(*) AS periods FROM per_period
    WHERE ($at_least::BIGINT IS NULL OR times >= $at_least) AND ($at_most::BIGINT IS NULL OR times <= $at_most)
    GROUP BY tester_key
)
SELECT periods, count(*) AS testers FROM per_tester GROUP BY periods ORDER BY periods
