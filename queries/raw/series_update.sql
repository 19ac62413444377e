-- name: raw/series_update
-- Grain: one row changed per series whose type or unit was learnt
-- Reads: raw_series, incoming (registered)
-- Parameters: -
UPDATE raw_series
SET type = i.type, unit = i.unit
FROM incoming AS i
WHERE raw_series.series_id = i.series_id
