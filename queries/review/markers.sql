-- name: review/markers
-- Grain: one row per release, incident and first acceptance of a wave, in time order.
-- Reads: dim_release, dim_incident, dim_tester
-- Parameters: -
SELECT 'release' AS kind, name AS title, at_us AS from_us, CAST(NULL AS BIGINT) AS to_us,
    CASE WHEN found THEN trim(coalesce(note, '') || ' (found in the series)') ELSE coalesce(note, '') END AS note
FROM dim_release
UNION ALL
SELECT 'incident', name, from_us, to_us, concat_ws(': ', nullif(class, ''), nullif(note, ''))
FROM dim_incident
UNION ALL
SELECT
    'wave', 'wave ' || wave, min(accepted_us), CAST(NULL AS BIGINT),
    CAST(count(tester_key) AS VARCHAR) || ' testers accepted'
FROM dim_tester
WHERE on_roster AND excluded_reason IS NULL AND accepted_us IS NOT NULL AND wave <> 'unknown'
GROUP BY wave
ORDER BY from_us, kind, title
