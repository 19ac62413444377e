-- name: review/quarantine
-- Grain: one row per source item and reason, the most frequent first.
-- Reads: fct_quarantine
-- Parameters: -
SELECT source, item, reason, rows, first_line, first_offset
FROM fct_quarantine
ORDER BY source, item, rows DESC, reason
