-- name: engagement/groups
-- Grain: one row: the waves and the platforms that testers have.
-- Reads: dim_tester
-- Parameters: -
SELECT list(DISTINCT wave ORDER BY wave) AS waves, list(DISTINCT platform ORDER BY platform) AS platforms FROM dim_tester
