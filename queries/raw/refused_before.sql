-- name: raw/refused_before
-- Grain: one row per refused line or row of an item, whatever refresh refused it
-- Reads: quarantine
-- Parameters: $source, $item
SELECT DISTINCT sha256 FROM quarantine WHERE source = $source AND item = $item
