-- name: measures/invitations_accepted
-- Grain: one row per period ($by: week or day) in which the 7 days after an invitation end. numerator = accepted within
-- them, denominator = invitations whose 7 days are over, not_yet = still open. Revoked invitations are left out.
-- Reads: dim_day, dim_week, dim_tester, fct_invitation
-- Parameters: $by, $valid_us, $as_of_us
WITH programme_days AS (
    SELECT CASE WHEN $by = 'day' THEN day_n ELSE week END AS period, local_date, start_us, end_us
    FROM dim_day
    WHERE week <= (SELECT max(week) FROM dim_week) AND ($by = 'week' OR is_over)
),
invitations AS (
    SELECT
        i.created_us + $valid_us AS closes_us,
        coalesce(i.accepted_us < i.created_us + $valid_us, FALSE) AS accepted
    FROM fct_invitation i
    LEFT JOIN dim_tester t ON t.tester_key = i.tester_key
    WHERE t.excluded_reason IS NULL AND i.created_us IS NOT NULL AND coalesce(i.status, '') <> 'revoked'
)
SELECT
    d.period,
    CAST(sum(CASE WHEN i.closes_us <= $as_of_us AND i.accepted THEN 1 ELSE 0 END) AS BIGINT) AS numerator,
    CAST(sum(CASE WHEN i.closes_us <= $as_of_us THEN 1 ELSE 0 END) AS BIGINT) AS denominator,
    CAST(sum(CASE WHEN i.closes_us > $as_of_us THEN 1 ELSE 0 END) AS BIGINT) AS not_yet,
    max(CASE WHEN i.closes_us > $as_of_us THEN d.local_date END) AS measurable_on
FROM programme_days d
LEFT JOIN invitations i ON i.closes_us >= d.start_us AND i.closes_us < d.end_us
GROUP BY d.period
ORDER BY d.period
