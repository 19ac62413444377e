-- name: event_has_dimensions
-- Grain: one row per event without its tester, event name or day, or on a day it does not lie in.
-- Reads: fct_event, dim_tester, dim_event, dim_day
-- Parameters: -
SELECT e.tester_key, e.event_id, e.ts_us, e.day_n
FROM fct_event AS e
LEFT JOIN dim_tester AS t ON t.tester_key = e.tester_key
LEFT JOIN dim_event AS n ON n.event_id = e.event_id
LEFT JOIN dim_day AS d ON d.day_n = e.day_n AND e.ts_us >= d.start_us AND e.ts_us < d.end_us
WHERE t.tester_key IS NULL OR n.event_id IS NULL OR d.day_n IS NULL
LIMIT 20
