-- name: raw/quarantine_add
-- Grain: one row per refused line that is not in the quarantine yet (a file may be read twice)
-- Reads: refused (registered), quarantine
-- Parameters: $load_id, $source, $item
INSERT INTO quarantine (load_id, source, item, line, offset_bytes, sha256, reason, excerpt)
SELECT $load_id, $source, $item, r.line, r.offset_bytes, r.sha256, r.reason, r.excerpt
FROM refused AS r
WHERE NOT EXISTS (
    SELECT 1
    FROM quarantine AS q
    WHERE q.source = $source AND q.item = $item AND q.sha256 = r.sha256 AND q.reason = r.reason
        AND q.line IS NOT DISTINCT FROM r.line AND q.offset_bytes IS NOT DISTINCT FROM r.offset_bytes
)
