-- name: add_step
-- Grain: one row per series and distance between a sample and the one before, of some series.
-- Reads: new_step (registered while facts are built)
-- Parameters: -
INSERT INTO stage_step
SELECT series_id, apart_ms, steps FROM new_step
