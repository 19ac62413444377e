-- name: engagement/tester_bounds
-- Grain: one row per tester that counts: group, acceptance, first activity ever and its day, first and last event, and the first and
-- last day on which the tester did what is asked about.
-- Reads: dim_tester, fct_tester_day
-- Parameters: $roster_only, $act_event ('*' = any event, NULL = the active list)
WITH bounds AS (
    SELECT tester_key, min(first_us) AS first_us, max(last_us) AS last_us,
           min(CASE WHEN $act_event::VARCHAR = '*' OR active_events > 0 THEN day_n END) AS first_day_n,
           max(CASE WHEN $act_event::VARCHAR = '*' OR active_events > 0 THEN day_n END) AS last_day_n
    FROM fct_tester_day GROUP BY tester_key
)
SELECT t.tester_key, t.wave, t.platform, t.accepted_us, t.first_active_us, t.first_active_day_n,
       b.first_us, b.last_us, b.first_day_n, b.last_day_n
FROM dim_tester t LEFT JOIN bounds b USING (tester_key)
WHERE t.excluded_reason IS NULL AND (t.on_roster OR NOT $roster_only)
ORDER BY t.tester_key
