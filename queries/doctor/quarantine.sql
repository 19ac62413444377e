-- name: quarantine
-- Grain: one row per source and reason of refusal, with the first place.
-- Reads: fct_quarantine
-- Parameters: -
SELECT source, reason, CAST(sum(rows) AS BIGINT) AS rows, min(item) AS item, min_by(first_line, item) AS first_line
FROM fct_quarantine
GROUP BY source, reason
ORDER BY source, rows DESC, reason
