-- name: merged_ids
-- Grain: one row: user ids that were merged into another one.
-- Reads: stage_person
-- Parameters: -
SELECT count(user_id) AS merged_ids
FROM stage_person
WHERE NOT is_canonical
