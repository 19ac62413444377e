-- name: engagement/testers
-- Grain: one row per tester that counts: group, acceptance, first activity ever and its day, and the first day on which the tester did
-- what is asked about. $never where there is none, -1 for that day; a group is its place among engagement/groups.
-- Reads: dim_tester, fct_tester_day
-- Parameters: $roster_only, $act_event ('*' = any event, NULL = the active list), $never, $waves, $platforms
WITH any_event AS (
    SELECT tester_key, min(day_n) AS first_day_n FROM fct_tester_day WHERE $act_event::VARCHAR = '*' GROUP BY tester_key
)
SELECT t.tester_key, list_position($waves::VARCHAR[], t.wave) AS wave, list_position($platforms::VARCHAR[], t.platform) AS platform,
       coalesce(t.accepted_us, $never::BIGINT) AS accepted_us, coalesce(t.first_active_us, $never::BIGINT) AS first_active_us,
       coalesce(t.first_active_day_n, $never::BIGINT) AS first_active_day_n,
       coalesce(CASE WHEN $act_event::VARCHAR = '*' THEN a.first_day_n ELSE t.first_active_day_n END, -1) AS first_day_n
FROM dim_tester t LEFT JOIN any_event a USING (tester_key)
WHERE t.excluded_reason IS NULL AND (t.on_roster OR NOT $roster_only)
ORDER BY t.tester_key
