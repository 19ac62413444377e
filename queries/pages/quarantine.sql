-- name: quarantine
-- Grain: one row per source, item and reason of rejected rows; no content.
-- Reads: fct_quarantine
-- Parameters: -
SELECT source AS "Source", item AS "Item", reason AS "Reason", rows AS "Rows", first_line AS "First line",
    first_offset AS "First byte"
FROM fct_quarantine
ORDER BY "Rows" DESC, source, item, reason
