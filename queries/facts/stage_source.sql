-- name: stage_source
-- Grain: one row per source of the settings.
-- Reads: new_stage_source (registered while facts are built)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_source AS
SELECT source, kind FROM new_stage_source
