-- name: put_tester
-- Grain: one row per person on the roster or seen in events that has none yet.
-- Reads: stage_dim_tester, stage_tester, dim_tester
-- Parameters: -
INSERT INTO dim_tester
SELECT
    n.tester_key, t.tester_id, n.on_roster, n.excluded_reason, n.wave, n.platform, n.status, n.invited_us, n.accepted_us,
    n.first_active_us, n.first_active_day_n, n.activated_us
FROM stage_dim_tester AS n
INNER JOIN stage_tester AS t ON t.tester_key = n.tester_key
ANTI JOIN dim_tester AS o ON o.tester_key = n.tester_key
ORDER BY n.tester_key
