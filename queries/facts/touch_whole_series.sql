-- name: touch_whole_series
-- Grain: series that turn out to need building from their first sample on.
-- Reads: stage_touched_series
-- Parameters: $ids
UPDATE stage_touched_series
SET from_ms = -9000000000000000, since_ms = -9000000000000000
WHERE series_id IN (SELECT unnest($ids))
