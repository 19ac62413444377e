-- name: dim_day
-- Grain: one row per local day from two weeks before launch to the later of the programme's end and as_of.
-- Reads: -
-- Parameters: -
CREATE TABLE dim_day (
    day_n INTEGER NOT NULL,            -- days since 1970-01-01 of the local date
    local_date DATE NOT NULL,
    start_us BIGINT NOT NULL,          -- half-open [start, end); 23 or 25 hours on a DST day
    end_us BIGINT NOT NULL,
    week INTEGER,                      -- programme week 1.., NULL before launch
    iso_week VARCHAR NOT NULL,         -- 2026-W09
    is_over BOOLEAN NOT NULL           -- end_us <= as_of
)
