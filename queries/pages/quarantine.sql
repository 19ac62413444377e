-- name: quarantine
-- Grain: one row per source, item and reason of rejected rows; no content.
-- Reads: fct_quarantine
-- Parameters: -
SELECT source, item, reason, rows, first_line, first_offset
FROM fct_quarantine
ORDER BY rows DESC, source, item, reason
