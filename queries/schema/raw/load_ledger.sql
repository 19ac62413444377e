-- name: load_ledger
-- Grain: one row per source item and refresh; append-only.
-- Conservation: read = accepted + duplicates + conflicting + quarantined + blank.
-- Reads: -
-- Parameters: -
CREATE TABLE IF NOT EXISTS load_ledger (
    load_id INTEGER NOT NULL,          -- counts refreshes, from 1
    source VARCHAR NOT NULL,           -- name in beta.toml
    item VARCHAR NOT NULL,             -- file, table or selector
    target VARCHAR NOT NULL,           -- raw table filled
    started_us BIGINT NOT NULL,        -- microseconds since 1970, UTC (all *_us columns)
    ended_us BIGINT,
    read BIGINT NOT NULL DEFAULT 0,
    accepted BIGINT NOT NULL DEFAULT 0,
    duplicates BIGINT NOT NULL DEFAULT 0,
    conflicting BIGINT NOT NULL DEFAULT 0,
    quarantined BIGINT NOT NULL DEFAULT 0,
    blank BIGINT NOT NULL DEFAULT 0,
    status VARCHAR NOT NULL,           -- ok | failed
    note VARCHAR                       -- warnings, or the error in words (redacted)
)
