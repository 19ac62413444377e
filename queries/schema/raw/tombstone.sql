-- name: tombstone
-- Grain: one row per id of an erased person, as a keyed hash: enough to turn the id away, too little to name it.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS tombstone (id_hash VARCHAR NOT NULL, erased_us BIGINT NOT NULL)
