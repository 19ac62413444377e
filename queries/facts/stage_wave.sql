-- name: stage_wave
-- Grain: one row per cohort wave dated in the settings.
-- Reads: new_stage_wave (registered while facts are built)
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_wave AS
SELECT wave, since_us FROM new_stage_wave
