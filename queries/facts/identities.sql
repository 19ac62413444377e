-- name: identities
-- Grain: one row per alias; of several canonical ids the first by name.
-- Reads: raw_identity
-- Parameters: -
SELECT alias, min(canonical) AS canonical
FROM raw_identity
WHERE alias <> canonical
GROUP BY alias
ORDER BY alias
