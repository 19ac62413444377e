-- name: raw/sample_known
-- Grain: one row per sample of the batch that is stored, with the stored value
-- Reads only the range of series and time that the batch spans: a key on the table would cost several times the load.
-- Reads: raw_sample, batch (registered)
-- Parameters: $first_id, $last_id, $from_ms, $to_ms
WITH stored AS (
    SELECT series_id, ts_ms, value
    FROM raw_sample
    WHERE series_id BETWEEN $first_id AND $last_id AND ts_ms BETWEEN $from_ms AND $to_ms
)
SELECT b.n, s.value
FROM batch AS b
INNER JOIN stored AS s ON s.series_id = b.series_id AND s.ts_ms = b.ts_ms
ORDER BY b.n
