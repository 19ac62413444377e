-- name: meta
-- Grain: rows of meta made from the settings.
-- Reads: new_meta (registered while facts are built)
-- Parameters: -
INSERT INTO meta (key, value)
SELECT key, value
FROM new_meta
