-- name: dim_release
-- Grain: one row per release, declared in the settings or found in the series.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_release (name VARCHAR NOT NULL, at_us BIGINT NOT NULL, found BOOLEAN NOT NULL, note VARCHAR)
