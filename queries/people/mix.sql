-- name: people/mix
-- Grain: one row per wave and platform of testers that count: people, accepted, ever active.
-- Reads: dim_tester
-- Parameters: -
SELECT
    wave, platform,
    count(tester_key) AS testers,
    count(accepted_us) AS accepted,
    count(first_active_us) AS ever_active
FROM dim_tester
WHERE on_roster AND excluded_reason IS NULL
GROUP BY wave, platform
ORDER BY wave, platform
