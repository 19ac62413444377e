-- name: review/onboarding_week
-- Grain: one row per programme week: people who accepted, were first active and activated in it, and acceptances to date.
-- Reads: dim_week, dim_tester
-- Parameters: -
WITH people AS (
    SELECT accepted_us, first_active_us, activated_us
    FROM dim_tester
    WHERE on_roster AND excluded_reason IS NULL
)
SELECT
    w.week,
    CAST(coalesce(sum(CASE WHEN p.accepted_us >= w.start_us AND p.accepted_us < w.end_us THEN 1 ELSE 0 END), 0) AS BIGINT)
        AS accepted,
    CAST(coalesce(sum(CASE WHEN p.accepted_us < w.end_us THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted_to_date,
    CAST(coalesce(sum(CASE WHEN p.first_active_us >= w.start_us AND p.first_active_us < w.end_us THEN 1 ELSE 0 END), 0)
        AS BIGINT) AS first_active,
    CAST(coalesce(sum(CASE WHEN p.activated_us >= w.start_us AND p.activated_us < w.end_us THEN 1 ELSE 0 END), 0)
        AS BIGINT) AS activated
FROM dim_week w
LEFT JOIN people p ON TRUE
GROUP BY w.week
ORDER BY w.week
