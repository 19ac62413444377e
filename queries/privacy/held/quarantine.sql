-- name: quarantine
-- Grain: one row per refused line that holds one of the person's ids; bytes beyond ASCII are escaped.
-- Reads: quarantine
-- Parameters: $ids
SELECT source, item, line, offset_bytes, reason, CAST(excerpt AS VARCHAR) AS excerpt
FROM quarantine
WHERE len(list_filter($ids::VARCHAR[], lambda i: contains(CAST(excerpt AS VARCHAR), CAST(encode(i) AS VARCHAR)))) > 0
ORDER BY source, item, line
