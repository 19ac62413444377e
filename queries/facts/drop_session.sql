-- name: drop_session
-- Grain: sessions that are made anew go.
-- Reads: fct_session, stage_old_session
-- Parameters: -
DELETE FROM fct_session AS s
USING stage_old_session AS o
WHERE o.tester_key = s.tester_key AND o.start_us = s.start_us
