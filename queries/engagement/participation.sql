-- name: participation
-- Grain: one row per tester with at least one eligible day: active days and eligible days of the range.
-- A day is eligible from the day of acceptance, or of the first event where there is no roster.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $first_day, $end_day (day numbers, the end exclusive, complete days only),
--   $day_numbers, $day_starts (the calendar)
WITH people AS (
    SELECT tester_key, tester_id, CASE WHEN $roster_only THEN accepted_us END AS accepted_us FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n, unnest($day_starts::BIGINT[]) AS start_us
),
accepted AS (
    SELECT p.tester_key, coalesce(d.day_n, $first_day) AS day_n
    FROM people p ASOF LEFT JOIN days d ON p.accepted_us >= d.start_us WHERE p.accepted_us < $until_us
),
seen AS (
    SELECT tester_key, min(day_n) AS day_n FROM fct_tester_day SEMI JOIN people USING (tester_key)
    WHERE NOT $roster_only GROUP BY tester_key
),
since AS (
    SELECT tester_key, greatest(day_n, $first_day) AS day_n FROM accepted
    UNION ALL
    SELECT tester_key, greatest(day_n, $first_day) FROM seen
)
SELECT p.tester_id, $end_day - s.day_n AS eligible_days, count(t.day_n) AS active_days
FROM since s JOIN people p USING (tester_key)
LEFT JOIN fct_tester_day t
  ON t.tester_key = s.tester_key AND t.active_events > 0 AND t.day_n >= s.day_n AND t.day_n < $end_day
WHERE s.day_n < $end_day
GROUP BY p.tester_key, p.tester_id, s.day_n ORDER BY p.tester_id
