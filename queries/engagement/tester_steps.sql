-- name: tester_steps
-- Grain: one row per tester that counts: the steps of the beta each has taken by the instant asked for.
-- Reads: dim_tester, fct_tester_day, fct_feedback
-- Parameters: $roster_only, $wave, $platform, $until_us, $activation_us (time allowed from acceptance),
--   $first_day, $end_day (day numbers of the week, the end exclusive)
WITH people AS (
    SELECT tester_key, tester_id, wave, platform, accepted_us, activated_us FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
active AS (
    SELECT tester_key, max(day_n) AS last_day_n, bool_or(day_n >= $first_day AND day_n < $end_day) AS this_week
    FROM fct_tester_day WHERE active_events > 0 AND first_us < $until_us AND day_n < $end_day GROUP BY tester_key
),
feedback AS (
    SELECT DISTINCT tester_key FROM fct_feedback WHERE created_us < $until_us
)
SELECT p.tester_id, p.wave, p.platform, coalesce(p.accepted_us < $until_us, FALSE) AS is_accepted,
       coalesce(p.activated_us < $until_us AND p.activated_us - p.accepted_us <= $activation_us, FALSE) AS is_activated,
       coalesce(p.accepted_us + $activation_us >= $until_us, FALSE) AS may_still_activate,
       coalesce(a.this_week, FALSE) AS is_active, f.tester_key IS NOT NULL AS gave_feedback, a.last_day_n
FROM people p LEFT JOIN active a USING (tester_key) LEFT JOIN feedback f USING (tester_key)
ORDER BY p.tester_id
