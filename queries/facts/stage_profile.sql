-- name: stage_profile
-- Grain: one row per person on the roster or seen in events, after merges: what the roster, invitations and events say.
-- Reads: raw_tester, raw_invitation, stage_person, stage_tester, fct_tester_start
-- Parameters: $as_of_us, $roster_is_events
CREATE OR REPLACE TEMP TABLE stage_profile AS
WITH roster_row AS (
    SELECT
        p.tester_key, CASE WHEN t.gone THEN 'inactive' ELSE t.status END AS status, t.wave, t.platform,
        CASE WHEN t.joined_us < $as_of_us THEN t.joined_us END AS joined_us,
        row_number() OVER (
            PARTITION BY p.tester_key ORDER BY t.gone, p.is_canonical DESC, t.joined_us NULLS LAST, t.user_id, t.status, t.wave, t.platform
        ) AS place
    FROM raw_tester AS t
    INNER JOIN stage_person AS p ON p.user_id = t.user_id
), roster AS (
    SELECT
        tester_key, min(joined_us) AS joined_us,
        first(status ORDER BY place) FILTER (WHERE status IS NOT NULL) AS status,
        first(wave ORDER BY place) FILTER (WHERE wave IS NOT NULL) AS wave,
        first(platform ORDER BY place) FILTER (WHERE platform IS NOT NULL) AS platform
    FROM roster_row
    GROUP BY tester_key
), invitation AS (
    SELECT
        p.tester_key, min(CASE WHEN i.created_us < $as_of_us THEN i.created_us END) AS created_us,
        min(CASE WHEN i.accepted_us < $as_of_us THEN i.accepted_us END) AS accepted_us,
        first(i.wave ORDER BY i.created_us, i.invitation_key) FILTER (WHERE i.wave IS NOT NULL) AS wave
    FROM raw_invitation AS i
    INNER JOIN stage_person AS p ON p.user_id = i.accepted_by
    GROUP BY p.tester_key
)
SELECT
    k.tester_key, k.excluded_reason,
    r.tester_key IS NOT NULL OR $roster_is_events AS on_roster,
    coalesce(r.wave, i.wave) AS wave, lower(trim(coalesce(r.platform, s.platform))) AS platform, r.status,
    i.created_us AS invited_us,
    coalesce(r.joined_us, i.accepted_us, CASE WHEN $roster_is_events THEN s.first_us END) AS accepted_us,
    s.first_active_us, s.first_active_day_n
FROM stage_tester AS k
LEFT JOIN roster AS r ON r.tester_key = k.tester_key
LEFT JOIN invitation AS i ON i.tester_key = k.tester_key
LEFT JOIN fct_tester_start AS s ON s.tester_key = k.tester_key
WHERE r.tester_key IS NOT NULL OR s.tester_key IS NOT NULL
