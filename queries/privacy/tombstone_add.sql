-- name: tombstone_add
-- Grain: one row per id to be erased.
-- Reads: tombstone
-- Parameters: $hashes, $at_us
INSERT INTO tombstone (id_hash, erased_us)
SELECT h.id_hash, $at_us FROM (SELECT unnest($hashes::VARCHAR[]) AS id_hash) AS h
WHERE h.id_hash NOT IN (SELECT id_hash FROM tombstone)
