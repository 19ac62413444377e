-- name: changed_testers
-- Grain: one row per number or pseudonym of a tester written just now that is there twice. A full build writes all of them.
-- Reads: stage_changed_tester, stage_tester, dim_tester
-- Parameters: -
SELECT 'number' AS what, CAST(c.tester_key AS VARCHAR) AS key
FROM stage_changed_tester AS c
INNER JOIN dim_tester AS t ON t.tester_key = c.tester_key
GROUP BY c.tester_key
HAVING count(*) > 1
UNION ALL
SELECT 'pseudonym', p.tester_id
FROM stage_changed_tester AS c
INNER JOIN stage_tester AS p ON p.tester_key = c.tester_key
INNER JOIN dim_tester AS t ON t.tester_id = p.tester_id
GROUP BY p.tester_id
HAVING count(*) > 1
LIMIT 20
