-- name: raw/sample_insert
-- Grain: one row added per sample of the batch, in its order (the engine keeps it; another would cost space only)
-- Reads: batch (registered)
-- Parameters: $load_id
INSERT INTO raw_sample (series_id, ts_ms, value, load_id)
SELECT series_id, ts_ms, value, $load_id
FROM batch
