-- name: erase/8_b_known_person
-- Grain: what is known of the person goes.
-- Reads: known_person, known_user
-- Parameters: $ids
DELETE FROM known_person
WHERE tester_key IN (SELECT tester_key FROM known_user WHERE list_contains($ids::VARCHAR[], user_id))
