-- name: sources/postgres/beta_users
-- Grain: one row per tester on the roster
-- at_jwt, at_refresh_jwt, handle and invitation_code are never read. Times come as text: infinity, BC and the
-- year 294276 are valid in PostgreSQL only and must cost their row, not the table.
-- Reads: beta_users
-- Parameters: -
SELECT
    did::text AS did,
    status::text AS status,
    joined_at::text AS joined_at,
    last_active_at::text AS last_active_at,
    invited_by::text AS invited_by,
    jsonb_strip_nulls(jsonb_build_object(
        'wave', metadata -> 'wave',
        'platform', coalesce(metadata -> 'platform', metadata #> '{deviceInfo,platform}', metadata #> '{device_info,platform}'),
        'profile_completion', metadata -> 'profile_completion'
    ))::text AS metadata
FROM beta_users
ORDER BY id
