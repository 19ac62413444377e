-- name: review/people
-- Grain: one row per reason of exclusion; NULL = testers who count.
-- Reads: dim_tester
-- Parameters: -
SELECT excluded_reason AS reason, count(tester_key) AS testers
FROM dim_tester
WHERE on_roster
GROUP BY excluded_reason
ORDER BY testers DESC, reason
