-- name: stage_changed_tester
-- Grain: one row per tester whose row is missing or no longer true, and per row whose tester is gone. Pseudonyms are not compared:
-- where one moved, nothing was carried on (keys_moved). on_roster is NULL of one who is gone.
-- Reads: dim_tester, stage_dim_tester
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_changed_tester AS
SELECT
    coalesce(n.tester_key, o.tester_key) AS tester_key, n.on_roster, n.excluded_reason, n.wave, n.platform, n.status,
    n.invited_us, n.accepted_us, n.first_active_us, n.first_active_day_n, n.activated_us
FROM stage_dim_tester AS n
FULL OUTER JOIN dim_tester AS o ON o.tester_key = n.tester_key
WHERE n.tester_key IS NULL OR o.tester_key IS NULL
    OR n.on_roster <> o.on_roster OR n.excluded_reason IS DISTINCT FROM o.excluded_reason
    OR n.wave <> o.wave OR n.platform <> o.platform OR n.status IS DISTINCT FROM o.status
    OR n.invited_us IS DISTINCT FROM o.invited_us OR n.accepted_us IS DISTINCT FROM o.accepted_us
    OR n.first_active_us IS DISTINCT FROM o.first_active_us
    OR n.first_active_day_n IS DISTINCT FROM o.first_active_day_n
    OR n.activated_us IS DISTINCT FROM o.activated_us
