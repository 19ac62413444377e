-- name: fct_quarantine
-- Grain: one row per source, item and reason, with one example place. No content.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_quarantine (source VARCHAR NOT NULL, item VARCHAR NOT NULL, reason VARCHAR NOT NULL,
    rows BIGINT NOT NULL, first_line BIGINT, first_offset BIGINT)
