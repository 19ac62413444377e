-- name: declared_releases
-- Grain: rows of dim_release made from the settings.
-- Reads: new_declared_releases (registered while facts are built)
-- Parameters: -
INSERT INTO dim_release (name, at_us, found, note)
SELECT name, at_us, found, note
FROM new_declared_releases
