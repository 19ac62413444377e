-- name: put_tester
-- Grain: one row per changed person who is on the roster or seen in events.
-- Reads: stage_changed_tester, stage_dim_tester, stage_tester
-- Parameters: -
INSERT INTO dim_tester
SELECT
    n.tester_key, t.tester_id, n.on_roster, n.excluded_reason, n.wave, n.platform, n.status, n.invited_us, n.accepted_us,
    n.first_active_us, n.first_active_day_n, n.activated_us
FROM stage_changed_tester AS c
INNER JOIN stage_dim_tester AS n ON n.tester_key = c.tester_key
INNER JOIN stage_tester AS t ON t.tester_key = c.tester_key
ORDER BY n.tester_key
