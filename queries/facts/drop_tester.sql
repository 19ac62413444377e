-- name: drop_tester
-- Grain: rows that are no longer true go. Pseudonyms are not compared: where one moved, nothing was carried on (keys_moved).
-- Reads: dim_tester, stage_dim_tester
-- Parameters: -
DELETE FROM dim_tester
WHERE tester_key NOT IN (
    SELECT o.tester_key
    FROM dim_tester AS o
    INNER JOIN stage_dim_tester AS n ON n.tester_key = o.tester_key
    WHERE n.on_roster = o.on_roster AND n.excluded_reason IS NOT DISTINCT FROM o.excluded_reason
        AND n.wave = o.wave AND n.platform = o.platform AND n.status IS NOT DISTINCT FROM o.status
        AND n.invited_us IS NOT DISTINCT FROM o.invited_us AND n.accepted_us IS NOT DISTINCT FROM o.accepted_us
        AND n.first_active_us IS NOT DISTINCT FROM o.first_active_us
        AND n.first_active_day_n IS NOT DISTINCT FROM o.first_active_day_n
        AND n.activated_us IS NOT DISTINCT FROM o.activated_us
)
