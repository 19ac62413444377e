-- name: fct_beat
-- Grain: one row per scrape target and instant at which it was seen alive: `up` = 1, or any sample where there is no `up`.
-- Reads: -
-- Parameters: -
CREATE TABLE fct_beat (
    target_id INTEGER NOT NULL,        -- lowest series_id of the target's series
    ts_ms BIGINT NOT NULL
)
