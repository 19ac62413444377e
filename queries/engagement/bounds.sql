-- name: bounds
-- Grain: one row: first and last event of the testers that count on some local days; NULL where there is none.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $first_day, $end_day (day numbers, the end exclusive)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
)
SELECT min(first_us) AS first_us, max(last_us) AS last_us FROM fct_tester_day SEMI JOIN people USING (tester_key)
WHERE day_n >= $first_day AND day_n < $end_day
