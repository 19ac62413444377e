-- name: tester_platform
-- Grain: one row per tester and platform named in an event.
-- Reads: fold_event
-- Parameters: -
SELECT
  e.tester_key,
  e.platform,
  CAST(COUNT(*) AS INT64) AS events
FROM fold_event AS e
WHERE
  NOT e.platform IS NULL
GROUP BY
  e.tester_key,
  e.platform
