-- name: fct_gauge_hour
-- Grain: one row per gauge series, local day and UTC hour.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_gauge_hour (
    series_id INTEGER NOT NULL,
    day_n INTEGER NOT NULL,
    hour_us BIGINT NOT NULL,
    samples INTEGER NOT NULL,
    value_sum DOUBLE NOT NULL,
    value_min DOUBLE NOT NULL,
    value_max DOUBLE NOT NULL,
    last_value DOUBLE NOT NULL,
    last_ts_ms BIGINT NOT NULL
)
