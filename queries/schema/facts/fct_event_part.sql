-- name: fct_event_part
-- Grain: one row per file of events that fct_event is read from. A file never changes; many snapshots may name it.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_event_part (
    file VARCHAR NOT NULL,             -- name in the storage's events folder; '' = the table fct_event itself
    records BIGINT NOT NULL,
    first_us BIGINT,
    last_us BIGINT,
    print HUGEINT NOT NULL             -- sum of the rows' hashes by names and values: adds up over files
)
