-- name: put_tester
-- Grain: one row per changed person who is on the roster or seen in events.
-- Reads: stage_changed_tester, stage_tester, stage_activated
-- Parameters: -
INSERT INTO dim_tester
SELECT
    c.tester_key, t.tester_id, c.on_roster, c.excluded_reason, c.wave, c.platform, c.status, c.invited_us, c.accepted_us,
    c.first_active_us, c.first_active_day_n, a.activated_us
FROM stage_changed_tester AS c
INNER JOIN stage_tester AS t ON t.tester_key = c.tester_key
LEFT JOIN stage_activated AS a ON a.tester_key = c.tester_key
WHERE c.on_roster IS NOT NULL
ORDER BY c.tester_key
