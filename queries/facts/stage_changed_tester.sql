-- name: stage_changed_tester
-- Grain: one row per tester whose row is missing or may no longer be true, as after an earlier activation, and per row whose
-- tester is gone, whose on_roster is NULL. Pseudonyms are not compared: where one moved, nothing was carried on (keys_moved).
-- Reads: dim_tester, stage_dim_tester, stage_new_activation
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_changed_tester AS
WITH activation AS (SELECT tester_key, min(ts_us) AS ts_us FROM stage_new_activation GROUP BY tester_key)
SELECT
    coalesce(n.tester_key, o.tester_key) AS tester_key, n.on_roster, n.excluded_reason, n.wave, n.platform, n.status,
    n.invited_us, n.accepted_us, n.first_active_us, n.first_active_day_n
FROM stage_dim_tester AS n
FULL OUTER JOIN dim_tester AS o ON o.tester_key = n.tester_key
LEFT JOIN activation AS a ON a.tester_key = n.tester_key
WHERE n.tester_key IS NULL OR o.tester_key IS NULL
    OR n.on_roster <> o.on_roster OR n.excluded_reason IS DISTINCT FROM o.excluded_reason
    OR n.wave <> o.wave OR n.platform <> o.platform OR n.status IS DISTINCT FROM o.status
    OR n.invited_us IS DISTINCT FROM o.invited_us OR n.accepted_us IS DISTINCT FROM o.accepted_us
    OR n.first_active_us IS DISTINCT FROM o.first_active_us
    OR n.first_active_day_n IS DISTINCT FROM o.first_active_day_n
    OR a.ts_us < coalesce(o.activated_us, a.ts_us + 1)
