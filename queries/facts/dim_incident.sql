-- name: dim_incident
-- Grain: rows of dim_incident made from the settings.
-- Reads: new_dim_incident (registered while facts are built)
-- Parameters: -
INSERT INTO dim_incident (name, from_us, to_us, class, note)
SELECT name, from_us, to_us, class, note
FROM new_dim_incident
