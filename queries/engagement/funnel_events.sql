-- name: funnel_events
-- Grain: one row per event that is a step, or, in strict order, any other active event; by tester, time and event.
-- Events of one instant are taken in the order of the steps, so that the order of a file decides nothing.
-- Reads: fct_event, dim_event, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $steps (event names), $others (with the other active events)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
names AS (
    SELECT event_id, coalesce(list_position($steps::VARCHAR[], event), 0) AS step FROM dim_event
    WHERE list_contains($steps::VARCHAR[], event) OR ($others AND is_active)
)
SELECT e.tester_key, e.ts_us, n.step::INTEGER AS step
FROM fct_event e JOIN names n USING (event_id) SEMI JOIN people ON people.tester_key = e.tester_key
WHERE e.ts_us < $until_us
ORDER BY e.tester_key, e.ts_us, n.step
