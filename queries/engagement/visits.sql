-- name: engagement/visits
-- Grain: one row per tester and local day with what is asked about; in no order.
-- Reads: fct_tester_day
-- Parameters: $act_event ('*' = any event, NULL = the active list)
SELECT tester_key, day_n FROM fct_tester_day WHERE $act_event::VARCHAR = '*' OR active_events > 0
