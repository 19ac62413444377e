-- name: stage_activated
-- Grain: one row per tester with an activation event at or after acceptance: the first.
-- Reads: stage_changed_tester (in a full build everybody), fct_event, dim_event
-- Parameters: $activation_event
CREATE OR REPLACE TEMP TABLE stage_activated AS
SELECT t.tester_key, min(e.ts_us) AS activated_us
FROM stage_changed_tester AS t
INNER JOIN fct_event AS e ON e.tester_key = t.tester_key AND e.ts_us >= coalesce(t.accepted_us, e.ts_us)
INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.event = $activation_event
GROUP BY t.tester_key
