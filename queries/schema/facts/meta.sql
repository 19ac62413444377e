-- name: meta
-- Grain: one row per key.
-- Keys: schema_version, as_of_us, programme, launch, weeks, timezone, week_start, lateness_hours, seats, demo,
--       settings_hash, settings_json (no secrets), roster (roster | events), content_hash, load_id, merged_ids,
--       facts_version, store_print, identity_print (what copying from this snapshot depends on).
-- Reads: -
-- Parameters: -
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR)
