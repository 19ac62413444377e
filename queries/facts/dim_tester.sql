-- name: dim_tester
-- Grain: one row per person on the roster or seen in events, after merges.
-- Reads: raw_tester, raw_invitation, stage_person, stage_tester, stage_wave, fct_event, dim_event, fct_tester_day, fct_session, fct_tester_platform
-- Parameters: $as_of_us, $activation_event, $roster_is_events
INSERT INTO dim_tester
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
), event_day AS (
    SELECT tester_key, min(first_us) AS first_us FROM fct_tester_day GROUP BY tester_key
), visit AS (
    -- every active event lies in a session
    SELECT tester_key, min(start_us) AS first_active_us, min(day_n) AS first_active_day_n FROM fct_session GROUP BY tester_key
), seen AS (
    SELECT d.tester_key, d.first_us, v.first_active_us, v.first_active_day_n
    FROM event_day AS d
    LEFT JOIN visit AS v ON v.tester_key = d.tester_key
), event_platform AS (
    SELECT tester_key, first(platform ORDER BY events DESC, platform) AS platform
    FROM fct_tester_platform
    GROUP BY tester_key
), tester AS (
    SELECT
        k.tester_key, k.tester_id, k.excluded_reason,
        r.tester_key IS NOT NULL OR $roster_is_events AS on_roster,
        coalesce(r.wave, i.wave) AS wave, lower(trim(coalesce(r.platform, x.platform))) AS platform, r.status,
        i.created_us AS invited_us,
        coalesce(r.joined_us, i.accepted_us, CASE WHEN $roster_is_events THEN s.first_us END) AS accepted_us,
        s.first_active_us, s.first_active_day_n
    FROM stage_tester AS k
    LEFT JOIN roster AS r ON r.tester_key = k.tester_key
    LEFT JOIN invitation AS i ON i.tester_key = k.tester_key
    LEFT JOIN seen AS s ON s.tester_key = k.tester_key
    LEFT JOIN event_platform AS x ON x.tester_key = k.tester_key
    WHERE r.tester_key IS NOT NULL OR s.tester_key IS NOT NULL
), activation AS (
    SELECT t.tester_key, min(e.ts_us) AS activated_us
    FROM tester AS t
    INNER JOIN fct_event AS e ON e.tester_key = t.tester_key AND e.ts_us >= coalesce(t.accepted_us, e.ts_us)
    INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.event = $activation_event
    GROUP BY t.tester_key
), dated AS (
    SELECT t.tester_key, max_by(w.wave, w.since_us) AS wave
    FROM tester AS t
    INNER JOIN stage_wave AS w ON w.since_us <= coalesce(t.invited_us, t.accepted_us)
    GROUP BY t.tester_key
)
SELECT
    t.tester_key, t.tester_id, t.on_roster, t.excluded_reason, coalesce(t.wave, d.wave, 'unknown'),
    CASE
        WHEN t.platform IN ('ios', 'iphone', 'ipad', 'ipados', 'iphone os') THEN 'ios'
        WHEN t.platform = 'android' THEN 'android'
        WHEN t.platform IN ('web', 'browser', 'desktop', 'windows', 'macos', 'mac', 'linux', 'chrome os') THEN 'web'
        ELSE 'unknown'
    END,
    t.status, t.invited_us, t.accepted_us, t.first_active_us, t.first_active_day_n, a.activated_us
FROM tester AS t
LEFT JOIN activation AS a ON a.tester_key = t.tester_key
LEFT JOIN dated AS d ON d.tester_key = t.tester_key
ORDER BY t.tester_key
