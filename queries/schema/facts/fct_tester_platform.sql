-- name: fct_tester_platform
-- Grain: one row per tester and platform that events of theirs name.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_tester_platform (tester_key INTEGER NOT NULL, platform VARCHAR NOT NULL, events BIGINT NOT NULL)
