-- name: engagement/group_sizes
-- Grain: one row per wave and platform: testers that count and were active before the instant asked for.
-- Reads: dim_tester
-- Parameters: $roster_only, $until_us
SELECT wave, platform, count(tester_key) AS testers FROM dim_tester
WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only) AND first_active_us < $until_us
GROUP BY wave, platform
ORDER BY wave, platform
