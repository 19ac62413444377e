-- name: dim_week
-- Grain: one row per programme week (1..weeks).
-- Reads: -
-- Parameters: -
CREATE TABLE dim_week (
    week INTEGER NOT NULL,
    start_date DATE NOT NULL,
    end_date DATE NOT NULL,            -- last day, inclusive
    start_day_n INTEGER NOT NULL,
    end_day_n INTEGER NOT NULL,        -- exclusive
    start_us BIGINT NOT NULL,
    end_us BIGINT NOT NULL,            -- exclusive
    state VARCHAR NOT NULL             -- future | running | settling (over, lateness allowance still open) | complete
)
