-- name: raw/series_add
-- Grain: one row added per new series
-- Reads: incoming (registered)
-- Parameters: $source
INSERT INTO raw_series (series_id, source, metric, labels, type, unit)
SELECT series_id, $source, metric, labels, type, unit
FROM incoming
