-- name: fct_gap
-- Grain: one row per interruption of a source or scrape target (job, instance) of more than two intervals.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_gap (
    source VARCHAR NOT NULL,
    item VARCHAR NOT NULL,             -- job/instance, table or file
    from_us BIGINT NOT NULL,           -- last sample before
    to_us BIGINT NOT NULL              -- first sample after, or as_of
)
