-- name: erase/9_mentions_metadata
-- Grain: the id goes from other people's roster rows.
-- Reads: raw_tester
-- Parameters: $id
UPDATE raw_tester SET metadata = replace(metadata, $id, '[erased]')
WHERE contains(metadata, $id)
