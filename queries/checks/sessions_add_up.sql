-- name: sessions_add_up
-- Grain: one row when sessions do not hold every active event exactly once.
-- Reads: fct_session, fct_tester_day
-- Parameters: -
SELECT s.events AS in_sessions, d.active_events
FROM (SELECT coalesce(sum(events), 0) AS events, count(*) AS sessions FROM fct_session) AS s
CROSS JOIN (SELECT coalesce(sum(active_events), 0) AS active_events, coalesce(sum(sessions), 0) AS sessions FROM fct_tester_day) AS d
WHERE s.events <> d.active_events OR s.sessions <> d.sessions
