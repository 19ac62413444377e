-- name: known_person_drop
-- Grain: all rows go.
-- Reads: known_person
-- Parameters: -
DELETE FROM known_person
