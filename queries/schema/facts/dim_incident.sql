-- name: dim_incident
-- Grain: one row per declared incident.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_incident (name VARCHAR NOT NULL, from_us BIGINT NOT NULL, to_us BIGINT, class VARCHAR, note VARCHAR)
