-- name: never_active
-- Grain: one row per period end: testers that had accepted by then and had not been active once.
-- Reads: dim_tester
-- Parameters: $roster_only, $wave, $platform, $ends (instants, ascending)
WITH people AS (
    SELECT accepted_us, first_active_us FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
ends AS (
    SELECT generate_subscripts($ends::BIGINT[], 1) - 1 AS period, unnest($ends::BIGINT[]) AS end_us
)
SELECT e.period, count(p.accepted_us) AS testers
FROM ends e LEFT JOIN people p
  ON p.accepted_us < e.end_us AND (p.first_active_us IS NULL OR p.first_active_us >= e.end_us)
GROUP BY e.period ORDER BY e.period
