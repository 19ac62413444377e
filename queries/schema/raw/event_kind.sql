-- name: event_kind
-- Grain: one row per combination of what events say in words; never changed, gone with the last event of an erased person.
-- Reads: -
-- Parameters: -
-- A hundred million events have a few thousand of them: a number in place of nine texts is what makes a load fast.
CREATE TABLE IF NOT EXISTS event_kind (
    kind_n INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    route VARCHAR,                     -- template, identifiers replaced: /posts/:id
    method VARCHAR,
    status INTEGER,
    feature VARCHAR,
    platform VARCHAR,
    component VARCHAR,
    error_type VARCHAR
)
