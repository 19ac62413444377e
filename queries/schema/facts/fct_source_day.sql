-- name: fct_source_day
-- Grain: one row per source, item and local day of the programme so far: the matrix on Data health.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_source_day (
    source VARCHAR NOT NULL,
    item VARCHAR NOT NULL,             -- 'events', 'samples job/instance', 'testers', ...
    day_n INTEGER NOT NULL,
    rows BIGINT NOT NULL,
    expected DOUBLE,                   -- samples: day length / interval; events: NULL
    covered DOUBLE NOT NULL            -- share of the day the source has told us about, 0..1
)
