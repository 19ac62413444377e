-- name: review/health
-- Grain: one row per source item, with its loads.
-- Reads: fct_load
-- Parameters: -
SELECT source, kind, item, target, last_attempt_us, last_success_us, covers_from_us, covers_to_us,
    coalesce(read, 0) AS read, coalesce(accepted, 0) AS accepted, coalesce(duplicates, 0) AS duplicates,
    coalesce(conflicting, 0) AS conflicting, coalesce(quarantined, 0) AS quarantined, coalesce(blank, 0) AS blank,
    coalesce(late, 0) AS late, error, warnings
FROM fct_load
ORDER BY source, item
