-- name: stage_dim_tester
-- Grain: one row per person on the roster or seen in events, after merges: all of dim_tester but pseudonym and activation.
-- Reads: stage_profile, stage_wave
-- Parameters: -
CREATE OR REPLACE TEMP VIEW stage_dim_tester AS
WITH dated AS (
    SELECT t.tester_key, max_by(w.wave, w.since_us) AS wave
    FROM stage_profile AS t
    INNER JOIN stage_wave AS w ON w.since_us <= coalesce(t.invited_us, t.accepted_us)
    GROUP BY t.tester_key
)
SELECT
    t.tester_key, t.on_roster, t.excluded_reason, coalesce(t.wave, d.wave, 'unknown') AS wave,
    CASE
        WHEN t.platform IN ('ios', 'iphone', 'ipad', 'ipados', 'iphone os') THEN 'ios'
        WHEN t.platform = 'android' THEN 'android'
        WHEN t.platform IN ('web', 'browser', 'desktop', 'windows', 'macos', 'mac', 'linux', 'chrome os') THEN 'web'
        ELSE 'unknown'
    END AS platform,
    t.status, t.invited_us, t.accepted_us, t.first_active_us, t.first_active_day_n
FROM stage_profile AS t
LEFT JOIN dated AS d ON d.tester_key = t.tester_key
