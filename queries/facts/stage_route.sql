-- name: stage_route
-- Grain: one row per path-like label and its route template.
-- Reads: new_stage_route (registered while facts are built)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_route AS
SELECT route, template FROM new_stage_route
