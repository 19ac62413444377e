-- name: fct_quarantine
-- Grain: one row per source, item and reason, with its first place.
-- Reads: quarantine
-- Parameters: -
INSERT INTO fct_quarantine
SELECT source, item, reason, count(*), min(line), min(offset_bytes)
FROM quarantine
GROUP BY source, item, reason
ORDER BY source, item, reason
