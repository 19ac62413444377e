-- name: fct_counter_hour
-- Grain: one row per series of counter kind (buckets, _sum, _count included), local day and UTC hour.
-- Each increase is credited to the hour of its END sample; the very first sample of a series adds nothing.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_counter_hour (
    series_id INTEGER NOT NULL,
    day_n INTEGER NOT NULL,            -- local day of the end sample
    hour_us BIGINT NOT NULL,           -- start of the UTC hour of the end sample
    increase DOUBLE NOT NULL,          -- reset-aware, growth over gaps included
    gap_increase DOUBLE NOT NULL,      -- the part of it that grew over a gap (> 2 intervals)
    resets INTEGER NOT NULL,
    samples INTEGER NOT NULL
)
