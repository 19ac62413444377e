-- name: stage_activated_since
-- Grain: one row per changed tester with an activation event at or after acceptance: the first, known or new.
-- Reads: previous.dim_tester, stage_changed_tester, stage_new_activation, fct_event, dim_event
-- Parameters: $activation_event
CREATE OR REPLACE TEMP TABLE stage_activated AS
WITH moved AS (
    -- accepted at another instant than before: all their events count anew
    SELECT t.tester_key, t.accepted_us
    FROM stage_changed_tester AS t
    INNER JOIN previous.dim_tester AS p ON p.tester_key = t.tester_key AND p.accepted_us IS DISTINCT FROM t.accepted_us
), found AS (
    SELECT p.tester_key, p.activated_us AS ts_us
    FROM previous.dim_tester AS p
    SEMI JOIN stage_changed_tester AS t ON t.tester_key = p.tester_key
    ANTI JOIN moved AS m ON m.tester_key = p.tester_key
    WHERE p.activated_us IS NOT NULL
    UNION ALL
    SELECT a.tester_key, a.ts_us
    FROM stage_new_activation AS a
    INNER JOIN stage_changed_tester AS t ON t.tester_key = a.tester_key AND a.ts_us >= coalesce(t.accepted_us, a.ts_us)
    UNION ALL
    SELECT m.tester_key, e.ts_us
    FROM moved AS m
    INNER JOIN fct_event AS e ON e.tester_key = m.tester_key AND e.ts_us >= coalesce(m.accepted_us, e.ts_us)
    INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.event = $activation_event
)
SELECT tester_key, min(ts_us) AS activated_us FROM found GROUP BY tester_key
