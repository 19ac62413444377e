-- name: drop_tester
-- Grain: rows that are no longer true go. Pseudonyms are not compared: where one moved, nothing was carried on (keys_moved).
-- Reads: dim_tester, stage_dim_tester
-- Parameters: -
DELETE FROM dim_tester
WHERE tester_key IN (
    SELECT o.tester_key
    FROM dim_tester AS o
    LEFT JOIN stage_dim_tester AS n ON n.tester_key = o.tester_key
    WHERE n.tester_key IS NULL
        OR n.on_roster <> o.on_roster OR n.excluded_reason IS DISTINCT FROM o.excluded_reason
        OR n.wave <> o.wave OR n.platform <> o.platform OR n.status IS DISTINCT FROM o.status
        OR n.invited_us IS DISTINCT FROM o.invited_us OR n.accepted_us IS DISTINCT FROM o.accepted_us
        OR n.first_active_us IS DISTINCT FROM o.first_active_us
        OR n.first_active_day_n IS DISTINCT FROM o.first_active_day_n
        OR n.activated_us IS DISTINCT FROM o.activated_us
)
