-- name: no_seen_platform
-- Grain: no rows: platforms of a first build's pieces, counted together at its end.
-- Reads: -
-- Parameters: -
CREATE OR REPLACE TEMP TABLE seen_platform (tester_key INTEGER, platform VARCHAR, events BIGINT)
