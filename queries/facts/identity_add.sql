-- name: identity_add
-- Grain: one row per alias given beside an event file.
-- Reads: new_identity (registered by data/event_file.py)
-- Parameters: -
INSERT INTO raw_identity (source, alias, canonical, load_id)
SELECT 'given', alias, canonical, 1 FROM new_identity
