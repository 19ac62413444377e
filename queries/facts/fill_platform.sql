-- name: fill_platform
-- Grain: one row per tester and platform named in any piece.
-- Reads: seen_platform
-- Parameters: -
INSERT INTO fct_tester_platform
SELECT tester_key, platform, CAST(sum(events) AS BIGINT) AS events
FROM seen_platform
GROUP BY tester_key, platform
ORDER BY tester_key, platform
