-- name: fct_event_quarter
-- Grain: one row per source and quarter of an hour (UTC) with events, anonymous ones too.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_event_quarter (
    source VARCHAR NOT NULL,
    quarter_n BIGINT NOT NULL,         -- quarters of an hour since 1970
    records BIGINT NOT NULL,
    first_us BIGINT NOT NULL,
    last_us BIGINT NOT NULL
)
