-- name: erase/9_mentions_feedback
-- Grain: the id goes from what other people wrote.
-- Reads: raw_feedback
-- Parameters: $id
UPDATE raw_feedback SET title = replace(title, $id, '[erased]'), description = replace(description, $id, '[erased]')
WHERE contains(title, $id) OR contains(description, $id)
